import type { FunctionCallback, FunctionMetadata, HookCallback, LogLevel, ProgrammingModel } from './core-types.ts';

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

/** Receives the library's own log messages (category `system`). */
export type SystemLog = (level: LogLevel, message: string) => void;

/**
 * What the app registers while it loads. The library registers through the global module `@azure/functions-core`, so a process
 * has one registry and one app. Each bundle of an app contains its own copy of the library and sets its own programming model. As
 * in the real worker, the one that is set last runs the functions of all bundles.
 */
export class AppRegistry {
  readonly functions = new Map<string, RegisteredFunction>();
  programmingModel: ProgrammingModel | undefined;
  systemLog: SystemLog | undefined;
  readonly #hooks = new Map<string, Set<HookCallback>>();
  #closed = false;

  /** @throws {Error} after startup or for a duplicate name, as in the real worker. */
  addFunction(metadata: FunctionMetadata, callback: FunctionCallback): void {
    if (this.#closed) throw new Error('A function can only be registered during app startup.');
    if (this.functions.has(metadata.name)) {
      throw new Error(`A function with the name "${metadata.name}" has already been registered.`);
    }
    this.functions.set(metadata.name, { metadata, callback });
  }

  /** Returns a function that removes the hook. */
  addHook(name: string, callback: HookCallback): () => void {
    const callbacks = this.#hooks.get(name) ?? new Set();
    this.#hooks.set(name, callbacks.add(callback));
    return () => callbacks.delete(callback);
  }

  hooks(name: string): readonly HookCallback[] {
    return [...(this.#hooks.get(name) ?? [])];
  }

  /** Runs the hooks with this name sequentially, in registration order. */
  async runHooks(name: string, context: Record<string, unknown>): Promise<void> {
    for (const hook of this.hooks(name)) await hook(context);
  }

  /** Rejects all later registrations of functions. */
  close(): void {
    this.#closed = true;
  }
}

export const appRegistry = new AppRegistry();
