import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

export const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID';

/** A line that every import accepts. */
export const GOOD = '1,A,NAME,6,2011-02-01T08:15:00,2.55,7';

/** The good line with other values in the given columns. */
export function row(values: Readonly<Record<string, string>>): string {
  const good = GOOD.split(',');
  return HEADER.split(',')
    .map((name, index) => values[name] ?? good[index])
    .join(',');
}

/** The content of a file with these lines after the header. */
export const lines = (...rows: readonly string[]): string => [HEADER, ...rows, ''].join('\n');

/** Creates a folder for the tests of this file, and removes it after them. */
export function useCsvFolder() {
  let folder = '';
  let files = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'import-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return {
    path: (): string => folder,
    /** Writes a new file and returns its path. */
    write: async (content: string | Buffer, ending = '.csv'): Promise<string> => {
      files += 1;
      const path = join(folder, `${files}${ending}`);
      await writeFile(path, content);
      return path;
    },
  };
}
