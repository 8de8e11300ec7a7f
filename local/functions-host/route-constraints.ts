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
  (min: bigint, max: bigint): Check =>
  (value) =>
    /^[+-]?\d+$/.test(value) && BigInt(value.replace('+', '')) >= min && BigInt(value.replace('+', '')) <= max;

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
    const [min, max = min] = numbers(argument);
    return (value) => value.length >= Number(min) && value.length <= Number(max);
  },
  minlength: (argument) => (value) => value.length >= Number(argument),
  maxlength: (argument) => (value) => value.length <= Number(argument),
  min: (argument) => integerWithin(BigInt(argument), LONG_MAX),
  max: (argument) => integerWithin(LONG_MIN, BigInt(argument)),
  range: (argument) => {
    const [min = LONG_MIN, max = LONG_MAX] = numbers(argument);
    return integerWithin(min, max);
  },
  // Templates escape a brace of the expression by doubling it.
  regex: (argument) => pattern(new RegExp(argument.replaceAll('{{', '{').replaceAll('}}', '}'), 'i')),
};

function numbers(argument: string): readonly bigint[] {
  return argument.split(',').map((part) => BigInt(part.trim()));
}

/**
 * Returns the check for one constraint.
 * @param text the text after the colon: `int`, `length(1,64)`.
 * @throws {Error} for a constraint that ASP.NET Core does not have.
 */
export function routeConstraint(text: string): Check {
  const [, name = '', argument = ''] = /^(\w+)(?:\((.*)\))?$/.exec(text) ?? [];
  const make = Object.hasOwn(CONSTRAINTS, name.toLowerCase()) ? CONSTRAINTS[name.toLowerCase()] : undefined;
  if (make === undefined) throw new Error(`Unknown route constraint '${text}'.`);
  return make(argument);
}
