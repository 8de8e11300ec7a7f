import { childrenOf, type Expression, namesOf, type ResourceDeclaration } from './expression.ts';
import type { BicepFile } from './read-file.ts';

/** All expressions of a file that stand on their own: values, defaults, bodies. */
export function rootsOf(file: BicepFile): readonly Expression[] {
  return [
    ...file.parameters.flatMap(({ default: value }) => value ?? []),
    ...[...file.variables, ...file.assignments, ...file.outputs].map(({ value }) => value),
    ...file.functions.map(({ parameters, body, at }): Expression => ({ kind: 'lambda', parameters, body, at })),
    ...[...file.resources, ...file.modules].map(({ body }) => body),
  ];
}

/** An expression, with the names that are its surroundings' own: of lambdas, loops and nested resources. */
export interface Found {
  readonly expression: Expression;
  readonly locals: ReadonlySet<string>;
}

/** An expression and all below it, those in nested resources among them. */
export function* walk(expression: Expression, outer: ReadonlySet<string> = new Set()): Generator<Found> {
  yield { expression, locals: outer };
  const locals = new Set([...outer, ...namesOf(expression)]);
  for (const child of childrenOf(expression)) yield* walk(child, locals);
  if (expression.kind !== 'object') return;
  for (const { body } of expression.resources) yield* walk(body, locals);
}

/** All expressions of a file. */
export function* expressionsOf(file: BicepFile): Generator<Found> {
  for (const root of rootsOf(file)) yield* walk(root);
}

/** The resources of a file, those nested in others among them. */
export function allResources(file: BicepFile): readonly ResourceDeclaration[] {
  const nested = (resource: ResourceDeclaration): readonly ResourceDeclaration[] => {
    const inside = [...walk(resource.body)].flatMap(({ expression }) =>
      expression.kind === 'object' ? expression.resources : [],
    );
    return [resource, ...inside];
  };
  return file.resources.flatMap(nested);
}
