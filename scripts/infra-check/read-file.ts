import type { Node } from 'web-tree-sitter';
import type { Expression, ResourceDeclaration } from './expression.ts';
import type { Finding, Place } from './finding.ts';
import { ExpressionReader } from './read-expression.ts';
import { parseBicep, partsOf, syntaxErrors } from './syntax-tree.ts';

interface Declared {
  readonly name: string;
  readonly at: Place;
}
export interface Parameter extends Declared {
  readonly required: boolean;
  readonly secure: boolean;
  /** As written: `string`, `int`, `string[]`, `{ … }`, or the name of a type. */
  readonly type: string;
  /** What `@allowed`, `@minLength`, `@maxLength`, `@minValue` and `@maxValue` say. */
  readonly limits: ReadonlyMap<string, Expression>;
  readonly default: Expression | undefined;
}
export interface Valued extends Declared {
  readonly value: Expression;
}
export interface UserFunction extends Declared {
  readonly parameters: readonly string[];
  readonly body: Expression;
}
export interface ModuleUse extends Declared {
  /** As written: relative to the file. */
  readonly path: string;
  readonly body: Expression;
}
/** `import { name as symbol } from 'path'`. */
export interface Import extends Declared {
  readonly original: string;
  readonly path: string;
}

/** What a .bicep or .bicepparam file declares. */
export interface BicepFile {
  readonly path: string;
  readonly text: string;
  readonly parameters: readonly Parameter[];
  readonly variables: readonly Valued[];
  /** `param name = value` of a parameter file. */
  readonly assignments: readonly Valued[];
  readonly outputs: readonly Valued[];
  readonly functions: readonly UserFunction[];
  readonly types: readonly Declared[];
  /** Names of types that are used anywhere in the file. */
  readonly typeNames: readonly Declared[];
  readonly imports: readonly Import[];
  readonly resources: readonly ResourceDeclaration[];
  readonly modules: readonly ModuleUse[];
  /** The template that a parameter file is for. */
  readonly using: PathUse | undefined;
}

/** A path as written: relative to the file. */
export interface PathUse {
  readonly path: string;
  readonly at: Place;
}

export type ReadFile =
  | { readonly kind: 'file'; readonly file: BicepFile }
  | { readonly kind: 'errors'; readonly errors: readonly Finding[] };

/** Reads a file whole, or says where it is no Bicep. `path`: relative to the project. */
export function readBicep(path: string, text: string): ReadFile {
  const root = parseBicep(path, text);
  const errors = syntaxErrors(path, root);
  if (errors.length > 0) return { kind: 'errors', errors };
  const statements = statementsOf(root);
  const reader = new ExpressionReader(path);
  const every = <Read>(type: string, read: (statement: Statement, reader: ExpressionReader) => Read): readonly Read[] =>
    statements.filter(({ node }) => node.type === type).map((statement) => read(statement, reader));
  const lines = text.split('\n');
  const isAssignment = ({ at }: Declared) => /^param\b/.test(lines[at.line - 1] ?? '');
  const values = every('variable_declaration', valued);
  return {
    kind: 'file',
    file: {
      path,
      text,
      parameters: every('parameter_declaration', parameter),
      variables: values.filter((value) => !isAssignment(value)),
      assignments: values.filter(isAssignment),
      outputs: every('output_declaration', valued),
      functions: every('user_defined_function', userFunction),
      types: every('type_declaration', ({ parts: [name] }) => declared(name, reader)),
      typeNames: typeNames(root, reader),
      imports: every('import_functionality', imported).flat(),
      resources: every('resource_declaration', ({ node }) => reader.resource(node)),
      modules: every('module_declaration', moduleUse),
      using: every('using_statement', using)[0],
    },
  };
}

interface Statement {
  readonly node: Node;
  readonly parts: readonly Node[];
  readonly decorators: readonly Node[];
}

/** Decorators stand before what they decorate, as a statement of their own. */
function statementsOf(root: Node): readonly Statement[] {
  let decorators: readonly Node[] = [];
  return partsOf(root).flatMap((node) => {
    if (node.type === 'decorators') {
      decorators = node.descendantsOfType('call_expression').filter((call) => call.parent?.type === 'decorator');
      return [];
    }
    const statement = { node, parts: partsOf(node), decorators };
    decorators = [];
    return [statement];
  });
}

function declared(name: Node | undefined, reader: ExpressionReader): Declared {
  if (name === undefined) throw new Error('A declaration without a name.');
  return { name: name.text, at: reader.at(name) };
}

function valued({ parts }: Statement, reader: ExpressionReader): Valued {
  const value = parts.at(-1);
  if (value === undefined) throw new Error('A declaration without a value.');
  return { ...declared(parts[0], reader), value: reader.read(value) };
}

function parameter({ node, parts, decorators }: Statement, reader: ExpressionReader): Parameter {
  const byDefault = node.children.some(({ type }) => type === '=') ? parts.at(-1) : undefined;
  const limits = decorators.flatMap((call) => {
    const [name, given] = partsOf(call);
    const [limit] = given ? partsOf(given) : [];
    return name && limit ? [[name.text, reader.read(limit)] as const] : [];
  });
  const type = parts[1]?.text ?? '';
  return {
    ...declared(parts[0], reader),
    type,
    required: byDefault === undefined && !type.endsWith('?'),
    secure: decorators.some((call) => partsOf(call)[0]?.text === 'secure'),
    limits: new Map(limits),
    default: byDefault && reader.read(byDefault),
  };
}

function userFunction({ node, parts }: Statement, reader: ExpressionReader): UserFunction {
  const names = node.descendantsOfType('parameter').map((found) => partsOf(found)[0]?.text ?? '');
  const { name, at, value } = valued({ node, parts, decorators: [] }, reader);
  return { name, at, parameters: names, body: value };
}

function moduleUse({ parts: [name, path, body] }: Statement, reader: ExpressionReader): ModuleUse {
  if (!path || !body) throw new Error('A module without a path or a body.');
  return { ...declared(name, reader), path: path.text.slice(1, -1), body: reader.read(body) };
}

const using = ({ node }: Statement, reader: ExpressionReader): PathUse => ({
  path: partsOf(node)[0]?.text.slice(1, -1) ?? '',
  at: reader.at(node),
});

function imported({ node, parts }: Statement, reader: ExpressionReader): readonly Import[] {
  const path = parts.at(-1)?.text.slice(1, -1) ?? '';
  return node.children.flatMap((child, index) => {
    if (child.type !== 'identifier' || node.children[index - 1]?.type === 'as') return [];
    const alias = node.children[index + 1]?.type === 'as' ? node.children[index + 2] : child;
    return [{ ...declared(alias, reader), original: child.text, path }];
  });
}

/** Identifiers in the place of a type; names of members are not among them. */
function typeNames(root: Node, reader: ExpressionReader): readonly Declared[] {
  const places = root.descendantsOfType(['type', 'array_type', 'nullable_type', 'union_type']);
  const declarations = root.descendantsOfType('type_declaration').flatMap((type) => partsOf(type).slice(1));
  const inObjects = root
    .descendantsOfType('type')
    .flatMap((type) => type.descendantsOfType('object_property'))
    .flatMap((property) => partsOf(property).slice(1));
  const named = [...places.flatMap((place) => partsOf(place)), ...inObjects, ...declarations];
  return named.filter(({ type }) => type === 'identifier').map((name) => declared(name, reader));
}
