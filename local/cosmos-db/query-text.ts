/** The clauses of a query's text. Subqueries are in parentheses, so that they belong to the clause they stand in. */
export interface Clauses {
  /** A number. */
  readonly top: number | undefined;
  readonly selectsValue: boolean;
  /** `*`, or the selected expressions with their aliases. */
  readonly select: string;
  readonly from: string;
  readonly where: string | undefined;
  readonly orderBy: string | undefined;
}

/** @throws when the text has no SELECT and FROM */
export function clausesOf(query: string): Clauses {
  const topLevel = topLevelOf(query);
  const starts = CLAUSES.flatMap((keyword) => {
    const found = keyword.exec(topLevel);
    return found === null ? [] : [{ keyword, index: found.index, end: found.index + found[0].length }];
  });
  const texts = new Map(
    starts.map(({ keyword, end }, position) => [keyword, query.slice(end, starts[position + 1]?.index).trim()]),
  );
  const [select, from] = [texts.get(SELECT), texts.get(FROM)];
  if (select === undefined || from === undefined) throw new Error('A query over partitions needs SELECT and FROM.');
  const [, top, value, selected = ''] = /^(?:TOP\s+(\d+)\s+)?(VALUE\s+)?(.*)$/is.exec(select) ?? [];
  return {
    top: top === undefined ? undefined : Number(top),
    selectsValue: value !== undefined,
    select: selected,
    from,
    where: texts.get(WHERE),
    orderBy: texts.get(ORDER_BY),
  };
}

/** The parts of a list between its commas. */
export function listItems(list: string): readonly string[] {
  const lengths = topLevelOf(list)
    .split(',')
    .map((item) => item.length);
  let end = -1;
  return lengths.map((length) => {
    const start = end + 1;
    end = start + length;
    return list.slice(start, end).trim();
  });
}

const SELECT = /\bSELECT\s/i;
const FROM = /\bFROM\s/i;
const WHERE = /\bWHERE\s/i;
const ORDER_BY = /\bORDER\s+BY\s/i;
const CLAUSES = [SELECT, FROM, WHERE, ORDER_BY];

const TEXTS = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g;
const INNERMOST = /\([^()[\]{}]*\)|\[[^()[\]{}]*\]|\{[^()[\]{}]*\}/g;

/** The text with a placeholder of the same length for each text, and for whatever is in parentheses, brackets or braces. */
function topLevelOf(query: string): string {
  const masked = (found: string) => '_'.repeat(found.length);
  let [before, after] = ['', query.replaceAll(TEXTS, masked)];
  while (after !== before) [before, after] = [after, after.replaceAll(INNERMOST, masked)];
  return after;
}
