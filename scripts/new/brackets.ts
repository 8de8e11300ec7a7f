/** Brackets, and text in which brackets do not count: comments, strings, and templates without backticks in them. */
const TOKENS =
  /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<opening>[([{])|(?<closing>[)\]}])/g;

/** The index of the bracket that closes the one at `open`, in TypeScript or Bicep; undefined when there is none. */
export function closingBracket(text: string, open: number): number | undefined {
  let depth = 0;
  for (const { index, groups } of text.slice(open).matchAll(TOKENS)) {
    if (groups?.opening !== undefined) depth++;
    if (groups?.closing !== undefined) depth--;
    if (depth === 0) return open + index;
  }
  return undefined;
}
