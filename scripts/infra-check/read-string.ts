import type { Node } from 'web-tree-sitter';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** A string's texts, without their escapes, and the nodes of what is interpolated. */
export function stringParts(node: Node): readonly (string | Node)[] {
  const { text } = node;
  if (text.startsWith("'''")) return [text.slice(3, -3).replace(/^\r?\n/, '')];
  const parts: (string | Node)[] = [];
  let from = 1;
  for (const interpolation of node.namedChildren.filter(({ type }) => type === 'interpolation')) {
    parts.push(withoutEscapes(text.slice(from, interpolation.startIndex - node.startIndex)), interpolation);
    from = interpolation.endIndex - node.startIndex;
  }
  parts.push(withoutEscapes(text.slice(from, -1)));
  return parts.filter((part) => part !== '');
}

/** https://learn.microsoft.com/azure/azure-resource-manager/bicep/data-types#strings */
function withoutEscapes(raw: string): string {
  return raw.replaceAll(/\\(?:u\{([0-9a-fA-F]+)\}|(.))/g, (_, code: string | undefined, letter: string | undefined) =>
    code === undefined ? (ESCAPES[letter ?? ''] ?? letter ?? '') : String.fromCodePoint(Number.parseInt(code, 16)),
  );
}
