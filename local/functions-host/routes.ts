import { routeConstraint } from './route-constraints.ts';

/** Route values by parameter name. */
export type RouteParams = Readonly<Record<string, string>>;

/** A compiled route template of ASP.NET Core: literals, `{id}`, `{id?}`, `{id:int}`, `{*rest}`, `file-{name}.{ext}`. */
export interface RouteTemplate {
  /** @param segments decoded path segments. Returns undefined when they do not match. */
  match(segments: readonly string[]): RouteParams | undefined;
}

interface Parameter {
  readonly name: string;
  readonly catchAll: boolean;
  readonly optional: boolean;
  readonly checks: readonly ((value: string) => boolean)[];
}

interface Segment {
  readonly expression: RegExp;
  /** In the order of the expression's groups. */
  readonly parameters: readonly Parameter[];
}

/** `{name}` with `*` or `**` before the name, `:constraint(argument)` after it and `?` at the end. */
const PARAMETER =
  /\{(?<stars>\*{0,2})(?<name>\w+)(?<constraints>(?::\w+(?:\((?:\\.|\{\{|\}\}|[^{}])*?\)(?=[:?}]))?)*)(?<optional>\??)\}/g;

/**
 * Compiles a route template.
 * @throws {Error} when it is invalid or names an unknown constraint.
 */
export function compileRoute(template: string): RouteTemplate {
  const segments = splitTemplate(template).map((segment) => compileSegment(segment, template));
  return { match: (path) => matchSegments(segments, path) };
}

/** Splits at slashes outside braces, because a regex constraint may contain a slash. */
function splitTemplate(template: string): readonly string[] {
  return template.match(/(?:\{(?:\{\{|\}\}|[^{}])*\}|[^/{}])+/g) ?? [];
}

function compileSegment(text: string, template: string): Segment {
  const parameters: Parameter[] = [];
  let source = '';
  let end = 0;
  for (const found of text.matchAll(PARAMETER)) {
    const parameter = compileParameter(found.groups ?? {});
    source += escapeRegExp(text.slice(end, found.index)) + (parameter.catchAll ? '(.*)' : '([^/]+)');
    parameters.push(parameter);
    end = found.index + found[0].length;
  }
  const rest = text.slice(end);
  if (/[{}]/.test(rest)) throw new Error(`Invalid route template '${template}' at '${text}'.`);
  const expression = new RegExp(`^${source}${escapeRegExp(rest)}$`, 'is');
  return { expression, parameters };
}

function compileParameter({
  stars = '',
  name = '',
  constraints = '',
  optional = '',
}: Record<string, string>): Parameter {
  const texts = constraints.match(/:\w+(?:\(.*?\)(?=:|$))?/g) ?? [];
  const checks = texts.map((constraint) => routeConstraint(constraint.slice(1)));
  return { name, catchAll: stars !== '', optional: optional !== '', checks };
}

function matchSegments(segments: readonly Segment[], path: readonly string[]): RouteParams | undefined {
  const takesRest = segments.at(-1)?.parameters[0]?.catchAll ?? false;
  if (path.length > segments.length && !takesRest) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const text = segment.parameters[0]?.catchAll ? path.slice(index).join('/') : path[index];
    const values = matchSegment(segment, text ?? '');
    if (values === undefined) return undefined;
    Object.assign(params, values);
  }
  return params;
}

function matchSegment({ expression, parameters }: Segment, text: string): Record<string, string> | undefined {
  if (text === '') return parameters[0]?.optional || parameters[0]?.catchAll ? {} : undefined;
  const groups = expression.exec(text)?.slice(1);
  if (groups === undefined) return undefined;
  const values = parameters.map((parameter, index) => ({ parameter, value: groups[index] ?? '' }));
  if (!values.every(({ parameter, value }) => parameter.checks.every((check) => check(value)))) return undefined;
  return Object.fromEntries(values.map(({ parameter, value }) => [parameter.name, value]));
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
