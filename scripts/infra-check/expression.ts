import type { Place } from './finding.ts';

/** A resource with what stands in its body: an object, or an `if` or a `for` around one. */
export interface ResourceDeclaration {
  readonly symbol: string;
  /** With those of the resources it is nested in: `Microsoft.EventHub/namespaces/eventhubs`. */
  readonly type: string;
  readonly apiVersion: string;
  readonly existing: boolean;
  readonly body: Expression;
  readonly at: Place;
}

export interface ObjectProperty {
  readonly key: Expression;
  readonly value: Expression;
}

type Kind =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'string'; readonly parts: readonly Expression[] }
  | {
      readonly kind: 'object';
      readonly properties: readonly ObjectProperty[];
      readonly resources: readonly ResourceDeclaration[];
    }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'name'; readonly name: string }
  /** `safe`: written `.?`, so that the property may be missing. */
  | { readonly kind: 'member'; readonly object: Expression; readonly property: string; readonly safe: boolean }
  | { readonly kind: 'index'; readonly object: Expression; readonly index: Expression }
  | { readonly kind: 'nested'; readonly object: Expression; readonly resource: string }
  | { readonly kind: 'call'; readonly callee: Expression; readonly arguments: readonly Expression[] }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'ternary'; readonly condition: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'lambda'; readonly parameters: readonly string[]; readonly body: Expression }
  | { readonly kind: 'for'; readonly names: readonly string[]; readonly list: Expression; readonly body: Expression }
  | { readonly kind: 'if'; readonly condition: Expression; readonly body: Expression };

/** What stands behind an equals sign or a colon in a Bicep file. */
export type Expression = Kind & { readonly at: Place };
export type ExpressionOf<Name extends Expression['kind']> = Extract<Expression, { readonly kind: Name }>;

/** The expressions right below one, in the order of the text; nested resources not among them. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'string':
      return expression.parts;
    case 'object':
      return expression.properties.flatMap(({ key, value }) => [key, value]);
    case 'array':
      return expression.items;
    case 'member':
    case 'nested':
      return [expression.object];
    case 'index':
      return [expression.object, expression.index];
    case 'call':
      return [expression.callee, ...expression.arguments];
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'ternary':
      return [expression.condition, expression.yes, expression.no];
    case 'lambda':
      return [expression.body];
    case 'for':
      return [expression.list, expression.body];
    case 'if':
      return [expression.condition, expression.body];
  }
}

/** The names that an expression brings with it for what is below it. */
export function namesOf(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'lambda':
      return expression.parameters;
    case 'for':
      return expression.names;
    case 'object':
      return expression.resources.map(({ symbol }) => symbol);
    default:
      return [];
  }
}
