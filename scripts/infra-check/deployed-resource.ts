import { evaluate, evaluateObject, loopScopes, type Scope, within } from './evaluate.ts';
import type { Expression, ResourceDeclaration } from './expression.ts';
import { isList, ResourceValue, Unknown, type Value } from './value.ts';

/** Conditions around each other; the inner one counts when the outer one holds. */
export const both = (outer: Value, inner: Value): Value => (outer === true ? inner : inner === false ? false : outer);

/** What a resource is within. */
interface Surroundings {
  readonly condition: Value;
  readonly outer: ResourceValue | undefined;
}

/** A resource, or a list of them where its body is a loop. */
export function resourceValue(
  declaration: ResourceDeclaration,
  body: Expression,
  scope: Scope,
  around: Surroundings,
): Value {
  if (body.kind === 'for')
    return loopScopes(body, scope).map((inner) => resourceValue(declaration, body.body, inner, around));
  if (body.kind === 'if')
    return resourceValue(declaration, body.body, scope, {
      ...around,
      condition: both(around.condition, evaluate(body.condition, scope)),
    });
  if (body.kind !== 'object') return new Unknown(declaration.symbol);
  return new ResourceValue({
    ...declaration,
    ...around,
    body: (self) => {
      const nested = new Map<string, () => Value>();
      const inner = within(scope, nested);
      for (const one of body.resources) {
        nested.set(
          one.symbol,
          once(() => resourceValue(one, one.body, inner, { condition: around.condition, outer: self })),
        );
      }
      return { body: evaluateObject(body, inner), nested };
    },
  });
}

/** A resource and all that are nested in it. */
export const withNested = (value: ResourceValue): readonly ResourceValue[] => [
  value,
  ...[...value.nested.values()]
    .flatMap((nested) => flat(nested()))
    .filter((nested) => nested instanceof ResourceValue)
    .flatMap(withNested),
];

/** All values in lists in lists. */
export const flat = (value: Value | undefined): readonly Value[] =>
  isList(value) ? value.flatMap(flat) : value === undefined ? [] : [value];

/** Works a value out once; a name that needs itself is an error of the template. */
export function once<Result>(work: () => Result): () => Result {
  let state: { readonly result: Result } | 'working' | undefined;
  return () => {
    if (state === 'working') throw new Error('A name refers to itself.');
    if (state === undefined) {
      state = 'working';
      state = { result: work() };
    }
    return state.result;
  };
}
