import type { Expression } from './expression.ts';
import type { Finding } from './finding.ts';
import type { BicepFile } from './read-file.ts';
import { allResources, walk } from './references.ts';

/** What of a resource is known before it is deployed. */
const KNOWN_AT_START: ReadonlySet<string> = new Set(['id', 'name', 'type', 'apiVersion']);

/**
 * Names, conditions and the lists of loops must be known when the deployment starts: neither a property that Azure makes up nor a
 * module's output can be in them. (Bicep: BCP120, BCP177, BCP178.)
 */
export function checkStartValues(file: BicepFile): readonly Finding[] {
  const known = new Start(file);
  const bodies = [...allResources(file), ...file.modules].map(({ body }) => body);
  return bodies.flatMap((body) =>
    startExpressions(body).flatMap((expression) => {
      const late = known.lateIn(expression);
      const message = `must be known when the deployment starts, and ${late} is not`;
      return late === undefined ? [] : [{ ...expression.at, message }];
    }),
  );
}

function startExpressions(body: Expression): readonly Expression[] {
  if (body.kind === 'for') return [body.list, ...startExpressions(body.body)];
  if (body.kind === 'if') return [body.condition, ...startExpressions(body.body)];
  if (body.kind !== 'object') return [];
  return body.properties.filter(({ key }) => key.kind === 'literal' && key.value === 'name').map(({ value }) => value);
}

class Start {
  readonly #resources: ReadonlySet<string>;
  readonly #modules: ReadonlySet<string>;
  readonly #variables: ReadonlyMap<string, Expression>;

  constructor(file: BicepFile) {
    this.#resources = new Set(allResources(file).map(({ symbol }) => symbol));
    this.#modules = new Set(file.modules.map(({ name }) => name));
    this.#variables = new Map(file.variables.map(({ name, value }) => [name, value]));
  }

  /** What in an expression only the deployment knows, as a text; variables are looked into. */
  lateIn(expression: Expression): string | undefined {
    for (const { expression: part, locals } of walk(expression)) {
      const late = this.#late(part, locals);
      if (late !== undefined) return late;
      const variable = part.kind === 'name' && !locals.has(part.name) ? this.#variables.get(part.name) : undefined;
      const within = variable && this.lateIn(variable);
      if (within !== undefined) return within;
    }
    return undefined;
  }

  #late(part: Expression, locals: ReadonlySet<string>): string | undefined {
    if (part.kind !== 'member') return undefined;
    const owner = part.object.kind === 'index' ? part.object.object : part.object;
    const name = owner.kind === 'name' ? owner.name : owner.kind === 'nested' ? owner.resource : '';
    if (locals.has(name)) return undefined;
    const isLate = this.#resources.has(name)
      ? !KNOWN_AT_START.has(part.property)
      : this.#modules.has(name) && part.property === 'outputs';
    return isLate ? `${name}.${part.property}` : undefined;
  }
}
