import { BUILTIN_FUNCTIONS, NAMESPACES } from './builtin-functions.ts';
import type { Expression } from './expression.ts';
import type { Finding, Place } from './finding.ts';
import type { BicepFile } from './read-file.ts';
import { expressionsOf, type Found } from './references.ts';

interface Symbol {
  readonly kind: string;
  readonly name: string;
  readonly at: Place;
  /** Whether something is wrong when nothing in the file uses it. */
  readonly mustBeUsed: boolean;
}

/** Every name that is used is declared, once, and every declared one is used. */
export function checkNames(file: BicepFile): readonly Finding[] {
  const symbols = symbolsOf(file);
  const declared = new Set(symbols.map(({ name }) => name));
  const found = [...expressionsOf(file)];
  const used = new Set([
    ...found.flatMap(({ expression }) => (expression.kind === 'name' ? [expression.name] : [])),
    ...file.typeNames.map(({ name }) => name),
  ]);
  return [
    ...declaredTwice(symbols),
    ...found.flatMap((reference) => unknown(reference, declared)),
    ...file.typeNames
      .filter(({ name }) => !declared.has(name))
      .map(({ name, at }) => ({ ...at, message: `type ${name} is declared nowhere in this file` })),
    ...symbols
      .filter(({ name, mustBeUsed }) => mustBeUsed && !used.has(name))
      .map(({ kind, name, at }) => ({ ...at, message: `${kind} ${name} is used nowhere in this file` })),
  ];
}

function symbolsOf(file: BicepFile): readonly Symbol[] {
  // Types can be for others to import.
  const isExported = (name: string) =>
    new RegExp(`@export\\(\\)\\s(@[^\\n]*\\s)*(type|var|func)\\s+${name}\\b`).test(file.text);
  return [
    ...file.parameters.map(({ name, at }) => ({ kind: 'param', name, at, mustBeUsed: true })),
    ...file.variables.map(({ name, at }) => ({ kind: 'var', name, at, mustBeUsed: !isExported(name) })),
    ...file.functions.map(({ name, at }) => ({ kind: 'func', name, at, mustBeUsed: !isExported(name) })),
    ...file.types.map(({ name, at }) => ({ kind: 'type', name, at, mustBeUsed: !isExported(name) })),
    ...file.imports.map(({ name, at }) => ({ kind: 'import', name, at, mustBeUsed: true })),
    ...file.resources.map(({ symbol, existing, at }) => ({
      kind: existing ? 'existing resource' : 'resource',
      name: symbol,
      at,
      mustBeUsed: existing,
    })),
    ...file.modules.map(({ name, at }) => ({ kind: 'module', name, at, mustBeUsed: false })),
  ];
}

/** Outputs have names of their own: one may be called like a parameter. */
function declaredTwice(symbols: readonly Symbol[]): readonly Finding[] {
  const seen = new Set<string>();
  return symbols.flatMap(({ name, at }) => {
    const twice = seen.has(name);
    seen.add(name);
    return twice ? [{ ...at, message: `${name} is declared a second time` }] : [];
  });
}

function unknown({ expression, locals }: Found, declared: ReadonlySet<string>): readonly Finding[] {
  if (expression.kind === 'call') return unknownFunction(expression.callee, declared);
  if (expression.kind !== 'name') return [];
  const { name, at } = expression;
  const known = locals.has(name) || declared.has(name) || NAMESPACES.has(name) || BUILTIN_FUNCTIONS.has(name);
  return known ? [] : [{ ...at, message: `${name} is declared nowhere in this file` }];
}

/** A function of Bicep's own, or of this file; those of resources (`list…`, `getSecret`) are the schemas' business. */
function unknownFunction(callee: Expression, declared: ReadonlySet<string>): readonly Finding[] {
  if (callee.kind === 'member') {
    const ofNamespace = callee.object.kind === 'name' && NAMESPACES.has(callee.object.name);
    if (!ofNamespace || BUILTIN_FUNCTIONS.has(callee.property)) return [];
    return [{ ...callee.at, message: `there is no function ${callee.property}()` }];
  }
  if (callee.kind !== 'name' || declared.has(callee.name) || BUILTIN_FUNCTIONS.has(callee.name)) return [];
  return [{ ...callee.at, message: `there is no function ${callee.name}()` }];
}
