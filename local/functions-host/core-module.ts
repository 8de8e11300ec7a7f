/**
 * The module `@azure/functions-core`. On Azure the worker provides it; here `app-loader.ts` resolves the name to this file.
 * Source of the API: https://github.com/Azure/azure-functions-nodejs-worker/blob/v4.x/src/setupCoreModule.ts
 */
import { appRegistry } from './app-registry.ts';
import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  LogCategory,
  LogLevel,
  ProgrammingModel,
} from './core-types.ts';

/** The version of the real worker that this host follows. */
export const version = '3.12.0';

export class Disposable {
  #callOnDispose: (() => unknown) | undefined;

  constructor(callOnDispose: () => unknown) {
    this.#callOnDispose = callOnDispose;
  }

  static from(...disposables: readonly { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const disposable of disposables) disposable.dispose();
    });
  }

  dispose(): void {
    this.#callOnDispose?.();
    this.#callOnDispose = undefined;
  }
}

export function registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
  appRegistry.addFunction(metadata, callback);
  return new Disposable(() => appRegistry.functions.delete(metadata.name));
}

export function registerHook(hookName: string, callback: HookCallback): Disposable {
  return new Disposable(appRegistry.addHook(hookName, callback));
}

export function setProgrammingModel(model: ProgrammingModel): void {
  appRegistry.programmingModel = model;
}

export function getProgrammingModel(): ProgrammingModel | undefined {
  return appRegistry.programmingModel;
}

export function log(level: LogLevel, _category: LogCategory, message: string): void {
  appRegistry.systemLog?.(level, message);
}
