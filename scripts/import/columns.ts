import { BadFile, badValue } from './bad-file.ts';
import type { CsvRecord } from './csv-records.ts';

/**
 * The columns of the UCI data sets "Online Retail" (https://archive.ics.uci.edu/dataset/352/online+retail) and "Online Retail II"
 * (https://archive.ics.uci.edu/dataset/502/online+retail+ii), with every name they have there. Names are compared without case,
 * spaces and underscores. Other columns, such as Country or the index that pandas writes, are ignored.
 */
const NAMES = {
  InvoiceNo: ['invoiceno', 'invoice'],
  StockCode: ['stockcode'],
  Description: ['description'],
  Quantity: ['quantity'],
  InvoiceDate: ['invoicedate'],
  UnitPrice: ['unitprice', 'price'],
  CustomerID: ['customerid'],
} as const satisfies Record<string, readonly string[]>;

export type Column = keyof typeof NAMES;

const COLUMNS = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
] as const;

export interface Header {
  /** The names as they are in the file, trimmed. */
  readonly names: readonly string[];
  /** The position of each column in a record, from 0. */
  readonly positions: Readonly<Record<Column, number>>;
}

/** Finds the columns in the first record of a file. Throws BadFile when one is missing or occurs twice. */
export function readHeader({ line, fields }: CsvRecord): Header {
  const names = fields.map((name) => name.trim());
  const missing = COLUMNS.filter((column) => positionsOf(column, names).length === 0);
  if (missing.length > 0) {
    throw new BadFile(
      `line ${line}: the header has no column ${missing.join(', ')}. Required: ${COLUMNS.join(',')}. Found: ${names.join(',').slice(0, 200)}`,
    );
  }
  const position = (column: Column): number => {
    const [first = -1, second] = positionsOf(column, names);
    if (second === undefined) return first;
    throw badValue(line, names[second] ?? column, 'the header contains this column twice');
  };
  const positions = {
    InvoiceNo: position('InvoiceNo'),
    StockCode: position('StockCode'),
    Description: position('Description'),
    Quantity: position('Quantity'),
    InvoiceDate: position('InvoiceDate'),
    UnitPrice: position('UnitPrice'),
    CustomerID: position('CustomerID'),
  };
  return { names, positions };
}

function positionsOf(column: Column, names: readonly string[]): readonly number[] {
  const accepted: readonly string[] = NAMES[column];
  return names.flatMap((name, index) =>
    accepted.includes(name.toLowerCase().replaceAll(/[\s_]/g, '')) ? [index] : [],
  );
}
