import { existsSync, readFileSync } from 'node:fs';

/** A test file that a document names, and the titles of tests in it. */
export interface TestReference {
  readonly file: string;
  readonly titles: readonly string[];
}

/** References such as `test/….spec.ts` "title", "another title". */
export const referencesIn = (cell: string): readonly TestReference[] =>
  [...cell.matchAll(/`(test\/[^`]+)`((?:,? "[^"]+")*)/g)].map(([, file = '', quotes = '']) => ({
    file,
    titles: [...quotes.matchAll(/"([^"]+)"/g)].flatMap(([, title]) => title ?? []),
  }));

/** What of a reference does not exist: the file, or tests and groups of tests with these titles. */
export function missingTests({ file, titles }: TestReference): readonly string[] {
  if (!existsSync(file)) return [file];
  return titles.filter((title) => !hasTest(file, title)).map((title) => `${file}: ${title}`);
}

function hasTest(file: string, title: string): boolean {
  const source = readFileSync(file, 'utf8');
  return [`'${title}',`, `\`${title}\`,`, `"${title}",`].some((quoted) => source.includes(quoted));
}
