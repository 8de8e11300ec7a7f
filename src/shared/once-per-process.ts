/**
 * The value under this name, made at the first call in the process. On one machine a single host loads all three bundles,
 * each with its own copy of the shared modules; what a process can have only once is kept here.
 */
export function oncePerProcess<Value>(name: string, make: () => Value): Value {
  const key = Symbol.for(`orders.${name}`);
  const existing: unknown = Reflect.get(globalThis, key);
  if (existing !== undefined) return existing as Value; // the same module code made it, in this or another bundle
  const value = make();
  Reflect.set(globalThis, key, value);
  return value;
}
