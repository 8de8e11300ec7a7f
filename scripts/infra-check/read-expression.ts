import type { Node } from 'web-tree-sitter';
import type { Expression, ObjectProperty, ResourceDeclaration } from './expression.ts';
import type { Place } from './finding.ts';
import { stringParts } from './read-string.ts';
import { lineOf, partsOf } from './syntax-tree.ts';

/** The type and version of the resource that another is nested in. */
export interface Outer {
  readonly type: string;
  readonly apiVersion: string;
}

/** Reads expressions of one file. */
export class ExpressionReader {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  at = (node: Node): Place => ({ file: this.#file, line: lineOf(node) });

  /** `outer`: the resource whose body this is, for those nested in it. */
  read(node: Node, outer?: Outer): Expression {
    const reader = READERS[node.type];
    if (reader === undefined) throw new Error(`${this.#file}:${lineOf(node)}: no way to read "${node.type}".`);
    return reader(node, this, outer);
  }

  resource(node: Node, outer?: Outer): ResourceDeclaration {
    const [symbol, type, body] = partsOf(node);
    if (!symbol || !type || !body) throw new Error(`${this.#file}:${lineOf(node)}: not a whole resource.`);
    const [name = '', version] = type.text.slice(1, -1).split('@');
    const own = { type: outer ? `${outer.type}/${name}` : name, apiVersion: version ?? outer?.apiVersion ?? '' };
    return {
      symbol: symbol.text,
      ...own,
      existing: node.children.some((child) => child.type === 'existing'),
      body: this.read(body, own),
      at: this.at(node),
    };
  }
}

type Reader = (node: Node, reader: ExpressionReader, outer: Outer | undefined) => Expression;

/**
 * The grammar lets a lambda end too early: `x => x.name` reads as `(x => x).name`. So what is built on a lambda belongs into its
 * body (in Bicep nothing can be built on a lambda).
 */
function inside(base: Expression, build: (base: Expression) => Expression): Expression {
  return base.kind === 'lambda' ? { ...base, body: inside(base.body, build) } : build(base);
}

function field(node: Node, name: string): Node {
  const found = node.childForFieldName(name);
  if (found === null) throw new Error(`Line ${lineOf(node)}: "${node.type}" without "${name}".`);
  return found;
}

/** The last part: what is in the parentheses, the body behind a condition, and so on. */
function last(node: Node): Node {
  const found = partsOf(node).at(-1);
  if (found === undefined) throw new Error(`Line ${lineOf(node)}: "${node.type}" without content.`);
  return found;
}

const READERS: Readonly<Record<string, Reader>> = {
  string: (node, reader) => {
    const parts = stringParts(node).map(
      (part): Expression =>
        typeof part === 'string' ? { kind: 'literal', value: part, at: reader.at(node) } : reader.read(last(part)),
    );
    const [first] = parts;
    if (first === undefined) return { kind: 'literal', value: '', at: reader.at(node) };
    return parts.length === 1 && first.kind === 'literal' ? first : { kind: 'string', parts, at: reader.at(node) };
  },
  number: (node, reader) => ({ kind: 'literal', value: Number(node.text), at: reader.at(node) }),
  boolean: (node, reader) => ({ kind: 'literal', value: node.text === 'true', at: reader.at(node) }),
  null: (node, reader) => ({ kind: 'literal', value: null, at: reader.at(node) }),
  identifier: (node, reader) => ({ kind: 'name', name: node.text, at: reader.at(node) }),
  parenthesized_expression: (node, reader) => reader.read(last(node)),
  object: (node, reader, outer) => ({
    kind: 'object',
    properties: properties(node, reader, outer),
    resources: nestedResources(node).map((nested) => reader.resource(nested, outer)),
    at: reader.at(node),
  }),
  array: (node, reader) => ({
    kind: 'array',
    items: partsOf(node).map((item) => reader.read(item)),
    at: reader.at(node),
  }),
  member_expression: (node, reader) => {
    const property = field(node, 'property').text;
    const object = reader.read(field(node, 'object'));
    const safe = node.children.some(({ type }) => type === '.?');
    return inside(object, (base) => ({ kind: 'member', object: base, property, safe, at: reader.at(node) }));
  },
  subscript_expression: (node, reader) => {
    const index = reader.read(field(node, 'index'));
    const object = reader.read(field(node, 'object'));
    return inside(object, (base) => ({ kind: 'index', object: base, index, at: reader.at(node) }));
  },
  resource_expression: (node, reader) => {
    const resource = field(node, 'resource').text;
    return { kind: 'nested', object: reader.read(field(node, 'object')), resource, at: reader.at(node) };
  },
  call_expression: (node, reader) => {
    const given = partsOf(field(node, 'arguments')).map((argument) => reader.read(argument));
    const callee = reader.read(field(node, 'function'));
    return inside(callee, (base) => ({ kind: 'call', callee: base, arguments: given, at: reader.at(node) }));
  },
  unary_expression: (node, reader) => ({
    kind: 'unary',
    operator: field(node, 'operator').text,
    operand: reader.read(field(node, 'argument')),
    at: reader.at(node),
  }),
  binary_expression: (node, reader) => {
    const operator = field(node, 'operator').text;
    const right = reader.read(field(node, 'right'));
    const left = reader.read(field(node, 'left'));
    return inside(left, (base) => ({ kind: 'binary', operator, left: base, right, at: reader.at(node) }));
  },
  ternary_expression: (node, reader) => {
    const yes = reader.read(field(node, 'consequence'));
    const no = reader.read(field(node, 'alternative'));
    const condition = reader.read(field(node, 'condition'));
    return inside(condition, (base) => ({
      kind: 'ternary',
      condition: base,
      yes,
      no,
      at: reader.at(node),
    }));
  },
  lambda_expression: (node, reader) => {
    const [head, body] = partsOf(node);
    if (!head || !body) throw new Error(`Line ${lineOf(node)}: not a whole lambda.`);
    const parameters = head.type === 'identifier' ? [head.text] : partsOf(head).map(({ text }) => text);
    return { kind: 'lambda', parameters, body: reader.read(body), at: reader.at(node) };
  },
  for_statement: (node, reader, outer) => {
    const parts = partsOf(node);
    const [head, list] = parts;
    if (!head || !list) throw new Error(`Line ${lineOf(node)}: not a whole loop.`);
    const names = head.type === 'identifier' ? [head.text] : partsOf(head).map(({ text }) => text);
    return {
      kind: 'for',
      names,
      list: reader.read(list),
      body: reader.read(field(node, 'body'), outer),
      at: reader.at(node),
    };
  },
  if_statement: (node, reader, outer) => {
    const [condition, body] = partsOf(node);
    if (!condition || !body) throw new Error(`Line ${lineOf(node)}: not a whole condition.`);
    return { kind: 'if', condition: reader.read(condition), body: reader.read(body, outer), at: reader.at(node) };
  },
};

function properties(node: Node, reader: ExpressionReader, outer: Outer | undefined): readonly ObjectProperty[] {
  return partsOf(node).flatMap((property) => {
    const [key, value] = partsOf(property);
    if (property.type !== 'object_property' || !key || !value) return [];
    const name: Expression =
      key.type === 'string' ? reader.read(key) : { kind: 'literal', value: key.text, at: reader.at(key) };
    return [{ key: name, value: reader.read(value, outer) }];
  });
}

function nestedResources(node: Node): readonly Node[] {
  return partsOf(node).flatMap((property) => partsOf(property).filter(({ type }) => type === 'resource_declaration'));
}
