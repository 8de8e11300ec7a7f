/**
 * Inline route constraints of ASP.NET Core, as in `{id:int}` or `{id:length(1,64)}`.
 * https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-constraints
 */
type Check = (value: string) => boolean;

const pattern =
  (expression: RegExp): Check =>
  (value) =>
    expression.test(value);

const integerWithin =
  (least: bigint, most: bigint): Check =>
  (value) =>
    /^[+-]?\d+$/.test(value) && BigInt(value.replace('+', '')) >= least && BigInt(value.replace('+', '')) <= most;

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;
const number = pattern(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i);

const CONSTRAINTS: Readonly<Record<string, (argument: string) => Check>> = {
  int: () => integerWithin(-(2n ** 31n), 2n ** 31n - 1n),
  long: () => integerWithin(LONG_MIN, LONG_MAX),
  bool: () => pattern(/^(true|false)$/i),
  decimal: () => pattern(/^[+-]?(\d+\.?\d*|\.\d+)$/),
  double: () => number,
  float: () => number,
  guid: () =>
    pattern(/^(\{[-0-9a-f]{36}\}|\([-0-9a-f]{36}\)|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})$/i),
  datetime: () => (value) => /\d/.test(value) && !Number.isNaN(Date.parse(value)),
  alpha: () => pattern(/^[a-z]*$/i),
  required: () => (value) => value !== '',
  length: (argument) => {
    const [least, most = least] = numbers(argument);
    return (value) => value.length >= Number(least) && value.length <= Number(most);
  },
  minlength: (argument) => (value) => value.length >= Number(argument),
  maxlength: (argument) => (value) => value.length <= Number(argument),
  min: (argument) => integerWithin(BigInt(argument), LONG_MAX),
  max: (argument) => integerWithin(LONG_MIN, BigInt(argument)),
  range: (argument) => {
    const [least = LONG_MIN, most = LONG_MAX] = numbers(argument);
    return integerWithin(least, most);
  },
  // A brace of the expression is written twice in a template.
  regex: (argument) => pattern(new RegExp(argument.replaceAll('{{', '{').replaceAll('}}', '}'), 'i')),
};

function numbers(argument: string): readonly bigint[] {
  return argument.split(',').map((part) => BigInt(part.trim()));
}

/**
 * The check of one constraint.
 * @param text as it stands after the colon: `int`, `length(1,64)`.
 * @throws {Error} for a constraint that ASP.NET Core does not have.
 */
export function routeConstraint(text: string): Check {
  const [, name = '', argument = ''] = /^(\w+)(?:\((.*)\))?$/.exec(text) ?? [];
  const make = Object.hasOwn(CONSTRAINTS, name.toLowerCase()) ? CONSTRAINTS[name.toLowerCase()] : undefined;
  if (make === undefined) throw new Error(`The route constraint '${text}' is not known.`);
  return make(argument);
}
