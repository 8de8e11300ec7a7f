/** A row of a table: the texts of its cells, by the names of the columns. */
export type Row = Readonly<Record<string, string>>;

/** The text of a chapter (`## …`) or of a part of one (`### …`), without its heading and without what follows it. */
export function chapterOf(text: string, heading: string): string {
  const level = /^#+/.exec(heading)?.[0].length ?? 0;
  const [, after] = `\n${text}`.split(`\n${heading}\n`);
  if (after === undefined) throw new Error(`The document has no chapter "${heading}".`);
  return after.split(new RegExp(`\\n#{1,${level}} `))[0] ?? '';
}

/** The rows of all tables in a text. */
export function rowsOf(text: string): readonly Row[] {
  const tables = text.matchAll(/^\|.*\|\n\|[-| ]+\|\n((?:\|.*\|\n?)*)/gm);
  return [...tables].flatMap(([table]) => {
    const [head = '', , ...lines] = table.trimEnd().split('\n');
    const columns = cellsOf(head);
    return lines.map((line) => Object.fromEntries(cellsOf(line).map((cell, index) => [columns[index] ?? '', cell])));
  });
}

const cellsOf = (line: string): readonly string[] =>
  line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());

/** What is in backticks. */
export const codesIn = (text = ''): readonly string[] =>
  [...text.matchAll(/`([^`]+)`/g)].flatMap(([, code]) => code ?? []);
