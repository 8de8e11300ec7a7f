import type { FunctionCallback, FunctionMetadata, HookCallback, LogLevel, ProgrammingModel } from './core-types.ts';

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
  /** Of the copy of the library that registered it: apps that are bundled one by one bring a copy each. */
  readonly model: ProgrammingModel | undefined;
}

/** Takes what the app's library logs about itself (`system`). */
export type SystemLog = (level: LogLevel, message: string) => void;

/**
 * What the one app of this process has registered while it loaded. The library registers through the global module
 * `@azure/functions-core`, hence one registry, and one app, per process. An app of several bundles has as many copies of the
 * library, which load one after the other: a function belongs to the programming model that was set last before it.
 */
export class AppRegistry {
  readonly functions = new Map<string, RegisteredFunction>();
  programmingModel: ProgrammingModel | undefined;
  systemLog: SystemLog | undefined;
  /** Where a library that streams HTTP waits for the requests of its functions, by its programming model. */
  readonly httpUris = new Map<ProgrammingModel, URL>();
  readonly #hooks = new Map<string, Set<HookCallback>>();
  #closed = false;

  /** @throws {Error} after the start, or for a name that is taken, as the real worker does. */
  addFunction(metadata: FunctionMetadata, callback: FunctionCallback): void {
    if (this.#closed) throw new Error('A function can only be registered during app startup.');
    if (this.functions.has(metadata.name)) {
      throw new Error(`A function with the name "${metadata.name}" has already been registered.`);
    }
    this.functions.set(metadata.name, { metadata, callback, model: this.programmingModel });
  }

  /** Returns how to take the hook back. */
  addHook(name: string, callback: HookCallback): () => void {
    const callbacks = this.#hooks.get(name) ?? new Set();
    this.#hooks.set(name, callbacks.add(callback));
    return () => callbacks.delete(callback);
  }

  hooks(name: string): readonly HookCallback[] {
    return [...(this.#hooks.get(name) ?? [])];
  }

  /** Runs the hooks of a name one after the other, in the order of their registration. */
  async runHooks(name: string, context: Record<string, unknown>): Promise<void> {
    for (const hook of this.hooks(name)) await hook(context);
  }

  /** Where the requests for a function go; undefined when they are handed over whole, in the invocation. */
  httpUriOf({ model }: RegisteredFunction): URL | undefined {
    return model === undefined ? undefined : this.httpUris.get(model);
  }

  /** From here on functions can no longer be registered. */
  close(): void {
    this.#closed = true;
  }
}

export const appRegistry = new AppRegistry();
