import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import type { AppRegistry, RegisteredFunction } from './app-registry.ts';
import type {
  CoreInvocationContext,
  InvocationRequest,
  InvocationResponse,
  LogCategory,
  LogLevel,
} from './core-types.ts';
import type { Log } from './log.ts';

export type InvocationOutcome =
  | { readonly ok: true; readonly response: InvocationResponse }
  | { readonly ok: false; readonly error: Error };

/** Runs functions as the worker does: hooks around the handler, logs with the function's name. Failures are returned as values. */
export class Invoker {
  readonly #app: AppRegistry;
  readonly #log: Log;
  readonly #running = new Set<Promise<InvocationOutcome>>();

  constructor(app: AppRegistry, log: Log) {
    this.#app = app;
    this.#log = log;
  }

  /**
   * Invokes a function once. Logs a failure with its stack trace.
   * @param request builds the input. If it throws, the invocation fails, as when the real host cannot bind the input.
   */
  invoke(
    target: RegisteredFunction,
    request: () => InvocationRequest,
    invocationId: string = randomUUID(),
  ): Promise<InvocationOutcome> {
    const invocation = this.#attempt(target, request, invocationId);
    this.#running.add(invocation);
    return invocation.finally(() => this.#running.delete(invocation));
  }

  /** Resolves when no invocation is running. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #attempt(
    target: RegisteredFunction,
    request: () => InvocationRequest,
    invocationId: string,
  ): Promise<InvocationOutcome> {
    try {
      return { ok: true, response: await this.#run(target, this.#context(target, invocationId, request())) };
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause), { cause });
      const { name } = target.metadata;
      const message = `Executed 'Functions.${name}' (Failed, Id=${invocationId}): ${inspect(error)}`;
      this.#log('error', { source: name, category: `Function.${name}`, message });
      return { ok: false, error };
    }
  }

  /** Order and contents of the hooks: https://github.com/Azure/azure-functions-nodejs-worker/blob/v4.x/src/eventHandlers/InvocationHandler.ts */
  async #run(target: RegisteredFunction, core: CoreInvocationContext): Promise<InvocationResponse> {
    const model = this.#app.programmingModel?.getInvocationModel(core);
    if (model === undefined) throw new Error('The app did not set a programming model.');
    const { context, inputs } = await model.getArguments();
    const hookData = {};
    const before = { hookData, invocationContext: context, inputs, functionCallback: target.callback };
    core.state = 'preInvocationHooks';
    await this.#app.runHooks('preInvocation', before);

    const after: { result: unknown; error: unknown } & Record<string, unknown> = {
      hookData,
      invocationContext: context,
      inputs: before.inputs,
      result: null,
      error: null,
    };
    core.state = 'invocation';
    try {
      after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (error) {
      after.error = error ?? new Error('The function failed without an error.');
    }
    core.state = 'postInvocationHooks';
    await this.#app.runHooks('postInvocation', after);
    core.state = undefined;
    if (after.error !== null && after.error !== undefined) throw after.error;
    return model.getResponse(context, after.result);
  }

  #context(target: RegisteredFunction, invocationId: string, request: InvocationRequest): CoreInvocationContext {
    const { name } = target.metadata;
    const log = (level: LogLevel, category: LogCategory, message: string) => {
      const hooked = { hookData: {}, level, category, message };
      for (const hook of this.#app.hooks('log')) hook(hooked);
      const logCategory = hooked.category === 'user' ? `Function.${name}.User` : `Function.${name}`;
      this.#log(hooked.level, { source: name, category: logCategory, message: hooked.message });
    };
    return { invocationId, metadata: target.metadata, request, state: undefined, log };
  }
}
