import type { EventHubFunctionOptions, HttpHandler, TimerFunctionOptions } from '@azure/functions';
import type { Operation } from '../http/operation.ts';

/** One entry in an app's table of functions. A plain value: nothing runs until `registerApp` registers it with the host. */
export type AppFunction = HttpFunction | TimerFunction | EventHubFunction;

export interface HttpFunction {
  readonly trigger: 'http';
  /** Description of the function in the API, including its name and route. */
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
  /** `dataType` is part of the binding but missing from the library's type. */
  readonly options: EventHubFunctionOptions & { readonly dataType?: 'binary' };
}

/** Returns the HTTP operations in a table of functions, in the order of the table. */
export function operationsOf(functions: readonly AppFunction[]): readonly Operation[] {
  return functions.flatMap((entry) => (entry.trigger === 'http' ? entry.operation : []));
}
