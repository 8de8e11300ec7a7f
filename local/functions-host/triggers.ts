import type { AppRegistry, RegisteredFunction } from './app-registry.ts';
import { eventHubListener } from './event-hub-trigger.ts';
import { type HttpRoute, httpRoute } from './http-trigger.ts';
import type { TriggerHost, TriggerListener } from './listener.ts';
import { timerListener } from './timer-trigger.ts';

/** A function's trigger, or the reason why the function cannot run. */
export type FunctionTrigger = { readonly name: string; readonly type: string } & (
  | { readonly kind: 'http'; readonly route: HttpRoute }
  | { readonly kind: 'listener'; readonly listener: TriggerListener }
  | { readonly kind: 'in-error'; readonly error: string }
);

/** Creates the triggers of an app. As in the real host, a function that cannot run is in error and the others run. */
export function functionTriggers(app: AppRegistry, routePrefix: string, host: TriggerHost): readonly FunctionTrigger[] {
  return [...app.functions.values()].map((target) => {
    const { name, bindings } = target.metadata;
    const type = Object.values(bindings).find((binding) => /trigger$/i.test(binding.type))?.type ?? 'no trigger';
    try {
      return { name, type, ...createTrigger(target, routePrefix, host) };
    } catch (error) {
      return { name, type, kind: 'in-error' as const, error: error instanceof Error ? error.message : String(error) };
    }
  });
}

function createTrigger(target: RegisteredFunction, routePrefix: string, host: TriggerHost) {
  const bindings = Object.entries(target.metadata.bindings);
  const other = bindings.find(([, { type }]) => !/trigger$/i.test(type) && type !== 'http');
  if (other !== undefined) throw new Error(`This host does not support the binding '${other[1].type}'.`);
  const trigger = bindings.find(([, { type }]) => /trigger$/i.test(type));
  if (trigger === undefined) throw new Error('The function has no trigger.');
  const [bindingName, binding] = trigger;
  switch (binding.type) {
    case 'httpTrigger':
      return { kind: 'http' as const, route: httpRoute(target, bindingName, binding, routePrefix) };
    case 'eventHubTrigger':
      return { kind: 'listener' as const, listener: eventHubListener(target, bindingName, binding, host) };
    case 'timerTrigger':
      return { kind: 'listener' as const, listener: timerListener(target, bindingName, binding, host) };
    default:
      throw new Error(`This host does not support the trigger '${binding.type}'.`);
  }
}
