/** The Parquet files of a table's rows. */
import { parquetMetadata, parquetReadObjects, type SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type ColumnType, DECIMAL_PRECISION, DECIMAL_SCALE, type Table } from '../../shared/lake/tables.ts';

/** A decimal is a bigint, in units of its last digit (10^-4); a date is the first moment of the day in UTC. */
export type Cell = string | number | bigint | boolean | Date | null;

/** A row, by column. Every row has `version`, the version of the aggregate that the row is from. */
export interface Row extends Readonly<Record<string, Cell>> {
  readonly version: number;
}

/** Bytes of a decimal of 20 digits. */
const DECIMAL_BYTES = 9;

/** Delta's types in Parquet: https://github.com/delta-io/delta/blob/master/PROTOCOL.md#primitive-types */
const ELEMENTS: Readonly<Record<ColumnType, Omit<SchemaElement, 'name'>>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT32' },
  boolean: { type: 'BOOLEAN' },
  decimal: {
    type: 'FIXED_LEN_BYTE_ARRAY',
    type_length: DECIMAL_BYTES,
    converted_type: 'DECIMAL',
    precision: DECIMAL_PRECISION,
    scale: DECIMAL_SCALE,
  },
  timestamp: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  },
  date: { type: 'INT32', converted_type: 'DATE' },
};

/** Encodes rows, compressed with Snappy. */
export function encodeRows({ columns }: Table, rows: readonly Row[]): Buffer {
  const names = Object.entries(columns);
  const schema: SchemaElement[] = [
    { name: 'root', num_children: names.length },
    ...names.map(([name, type]) => ({ name, repetition_type: 'OPTIONAL' as const, ...ELEMENTS[type] })),
  ];
  const columnData = names.map(([name]) => ({ name, data: rows.map((row) => row[name] ?? null) }));
  return Buffer.from(parquetWriteBuffer({ columnData, schema, rowGroupSize: 100_000 }));
}

/** Decodes the rows of a file. */
export async function decodeRows({ columns }: Table, content: Buffer): Promise<readonly Row[]> {
  const file = new Uint8Array(content).buffer;
  const metadata = parquetMetadata(file);
  // Decimals are read as their bytes: the library would return them as doubles, which are not exact.
  const schema = metadata.schema.map((element) =>
    element.converted_type === 'DECIMAL' ? withoutDecimal(element) : element,
  );
  const found = await parquetReadObjects({ file, metadata: { ...metadata, schema } });
  return found.map((row) => rowOf(columns, row));
}

function withoutDecimal({ converted_type: _converted, logical_type: _logical, ...element }: SchemaElement) {
  return element;
}

function rowOf(columns: Table['columns'], found: Readonly<Record<string, unknown>>): Row {
  const cells = Object.keys(columns).map((name) => [name, cellOf(found[name])] as const);
  const row: Readonly<Record<string, Cell>> = Object.fromEntries(cells);
  if (typeof row.version !== 'number') throw new Error('A row has no version.');
  return { ...row, version: row.version };
}

function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (value instanceof Uint8Array)
    return BigInt.asIntN(DECIMAL_BYTES * 8, BigInt(`0x${Buffer.from(value).toString('hex')}`));
  if (value instanceof Date || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  throw new Error(`A row has a value that no column can have: ${typeof value}.`);
}
