import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvError, type Info, parse } from 'csv-parse';
import { BadFile } from './bad-file.ts';

/** Maximum record size in bytes. A longer record has an unclosed quote; typical lines have about 80 bytes. */
const MAX_RECORD_BYTES = 16 * 1024;

export interface CsvRecord {
  /** The line in the file on which the record starts, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Streams the records of a CSV file. Decompresses gzip files, which it recognizes by their first bytes. Skips blank lines. Throws
 * BadFile when the file does not exist, a .gz file is not gzip, quotes are unbalanced, or the gzip data is truncated or corrupt.
 */
export async function* readCsvRecords(path: string): AsyncGenerator<CsvRecord> {
  const unzip = (await isGzip(path)) ? [createGunzip()] : [];
  const lines = createLineCounter();
  const parser = parse({
    bom: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_BYTES,
    on_record: lines.note,
  });
  // An error in an earlier stream destroys the parser with the same error, which the iteration then throws.
  pipeline([createReadStream(path), ...unzip, parser], () => {});
  try {
    for await (const fields of parser) yield { line: lines.lineOf(fields), fields };
  } catch (error) {
    throw toBadFile(error, lines.lastLine());
  }
}

/**
 * Tracks the line on which each record starts. csv-parse reports the line on which a record ends, and counts a CRLF inside quotes
 * twice. Records are noted when they are parsed, which may be well before they are read from the stream.
 */
function createLineCounter() {
  const lines = new WeakMap<readonly string[], number>();
  let countedTwice = 0;
  let last = 0;
  return {
    note(this: void, fields: string[], info: Info): string[] {
      const breaks = fields.flatMap((field) => field.match(/\r\n|\r|\n/g) ?? []);
      countedTwice += breaks.filter((lineBreak) => lineBreak === '\r\n').length;
      last = info.lines - countedTwice;
      lines.set(fields, last - breaks.length);
      return fields;
    },
    lineOf: (fields: readonly string[]): number => lines.get(fields) ?? last,
    /** The line on which the last valid record ended. */
    lastLine: (): number => last,
  };
}

async function isGzip(path: string): Promise<boolean> {
  try {
    await using file = await open(path);
    const stat = await file.stat();
    if (stat.isDirectory()) throw new BadFile('it is a folder, not a file');
    if (stat.size === 0) throw new BadFile('the file is empty');
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    const isZipped = buffer.equals(Buffer.from([0x1f, 0x8b]));
    if (!isZipped && path.endsWith('.gz')) throw new BadFile('the name ends in .gz, but the file is not gzip');
    return isZipped;
  } catch (error) {
    throw toBadFile(error, 0);
  }
}

function toBadFile(error: unknown, lastLine: number): unknown {
  if (error instanceof CsvError) {
    return new BadFile(`line ${lastLine + 1}${columnOf(error)}: ${csvFault(error)}`);
  }
  switch (codeOf(error)) {
    case 'ENOENT':
      return new BadFile('there is no such file');
    case 'EACCES':
      return new BadFile('no permission to read the file');
    case 'Z_BUF_ERROR':
      return new BadFile(`the gzip data is truncated after line ${lastLine}`);
    case 'Z_DATA_ERROR':
      return new BadFile(`the gzip data is corrupt after line ${lastLine}`);
    default:
      return error;
  }
}

function csvFault(error: CsvError): string {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
    case 'CSV_MAX_RECORD_SIZE':
      return 'a quote is never closed';
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'a closing quote must be followed by a comma or the end of the line';
    case 'INVALID_OPENING_QUOTE':
      return 'a quote appears inside a field that does not start with one';
    default:
      return error.message;
  }
}

function columnOf({ column }: CsvError): string {
  return typeof column === 'number' ? `, field ${column + 1}` : '';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
