/**
 * Returns the value with this name and creates it on the first call in the process. Locally, one host loads several
 * bundles, each with its own copy of the shared modules. This function lets them share values that must exist only once per
 * process.
 */
export function oncePerProcess<Value>(name: string, make: () => Value): Value {
  const key = Symbol.for(`orders.${name}`);
  const existing: unknown = Reflect.get(globalThis, key);
  if (existing !== undefined) return existing as Value; // created by the same module code, in this or another bundle
  const value = make();
  Reflect.set(globalThis, key, value);
  return value;
}
