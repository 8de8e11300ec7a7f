import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';
import type { Finding } from './finding.ts';

const GRAMMAR = createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');
await Parser.init();
const parser = new Parser().setLanguage(await Language.load(GRAMMAR));

/** A node's first line, from 1. */
export const lineOf = (node: Node): number => node.startPosition.row + 1;

/** The named children that are no comments, in order. */
export const partsOf = (node: Node): readonly Node[] =>
  node.namedChildren.filter(({ type }) => type !== 'comment' && type !== 'diagnostic_comment');

/** The grammar knows `param name type`; a parameter file has `param name = value`, which reads as a variable in the same columns. */
const asVariables = (text: string) => text.replace(/^param(?= +\w+ *=)/gm, 'var  ');

/** The tree of a .bicep or .bicepparam file; what it could not read is in `syntaxErrors`. */
export function parseBicep(file: string, text: string): Node {
  const tree = parser.parse(file.endsWith('.bicepparam') ? asVariables(text) : text);
  if (tree === null) throw new Error(`${file} could not be parsed.`);
  return tree.rootNode;
}

/** Where the file is not Bicep, or more of Bicep than this grammar knows (such as `...spread`). */
export function syntaxErrors(file: string, root: Node): readonly Finding[] {
  const findings: Finding[] = [];
  const visit = (node: Node): void => {
    const message = problemOf(node);
    if (message !== undefined) findings.push({ file, line: lineOf(node), message });
    if (node.isError) return;
    for (const child of node.children) visit(child);
  };
  visit(root);
  return findings;
}

function problemOf(node: Node): string | undefined {
  if (node.isError) return `cannot be read as Bicep: ${excerpt(node.text)}`;
  if (node.isMissing) return `lacks ${node.type} before: ${excerpt(node.parent?.text ?? '')}`;
  if (SEPARATED.has(node.parent?.type ?? '') && continuesItsLine(node)) {
    return `begins on the line where the one before ends, without a comma between: ${excerpt(node.text)}`;
  }
  if (node.parent?.type === 'infrastructure' && continuesItsLine(node)) {
    return `must begin on a line of its own: ${excerpt(node.text)}`;
  }
  return undefined;
}

/** The grammar takes any space for a separator; Bicep wants a new line (or, within brackets, a comma). */
const SEPARATED = new Set(['object', 'array']);

function continuesItsLine(node: Node): boolean {
  const before = node.previousSibling;
  if (!node.isNamed || !before?.isNamed || isComment(node) || isComment(before)) return false;
  return before.endPosition.row === node.startPosition.row;
}

const isComment = ({ type }: Node) => type === 'comment' || type === 'diagnostic_comment';

const excerpt = (text: string) => `"${text.replaceAll(/\s+/g, ' ').slice(0, 60)}"`;
