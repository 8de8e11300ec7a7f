import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

/** The code of a part of the console cannot be loaded. A new version has other files; the browser finds them after a reload. */
export class NotLoadedError extends Error {
  override readonly name = 'NotLoadedError';

  constructor(cause: unknown) {
    super('A new version of the console may have been published, or the connection is down.', { cause });
  }
}

/** A component whose code is loaded when it is first shown. Throws NotLoadedError, until a reload, when that fails. */
export function lazyPart<Props>(load: () => Promise<ComponentType<Props>>): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => {
    try {
      return { default: await load() };
    } catch (error) {
      throw new NotLoadedError(error);
    }
  });
}
