import type { EventHubFunctionOptions, HttpHandler, TimerFunctionOptions } from '@azure/functions';
import type { Operation } from '../http/operation.ts';

/** One entry of an app's table of functions. It is a plain value: nothing runs until `registerApp` hands it to the host. */
export type AppFunction = HttpFunction | TimerFunction | EventHubFunction;

export interface HttpFunction {
  readonly trigger: 'http';
  /** What the API description says about the function, its name and route included. */
  readonly operation: Operation;
  readonly handler: HttpHandler;
}

export interface TimerFunction {
  readonly trigger: 'timer';
  readonly name: string;
  readonly options: TimerFunctionOptions;
}

export interface EventHubFunction {
  readonly trigger: 'eventHub';
  readonly name: string;
  /** `dataType` is part of the binding but missing in the library's type. */
  readonly options: EventHubFunctionOptions & { readonly dataType?: 'binary' };
}

/** The HTTP operations in a table of functions, in its order. */
export function operationsOf(functions: readonly AppFunction[]): readonly Operation[] {
  return functions.flatMap((entry) => (entry.trigger === 'http' ? entry.operation : []));
}
