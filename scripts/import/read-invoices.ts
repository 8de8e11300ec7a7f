import type { MinorUnits } from '../../src/shared/money.ts';
import { BadFile, badValue } from './bad-file.ts';
import { type CsvRecord, readCsvRecords } from './csv-records.ts';
import { type Amount, parseAmount, parseDate, parseInteger } from './parse-fields.ts';

/** Columns of the UCI "Online Retail" data set (https://archive.ics.uci.edu/dataset/352/online+retail). Others, such as Country, are ignored. */
const COLUMNS = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
] as const;
type Column = (typeof COLUMNS)[number];

export interface InvoiceLine {
  readonly productId: string;
  /** Trimmed. Empty when the file has none. */
  readonly description: string;
  readonly quantity: number;
  /** In pennies. */
  readonly price: MinorUnits;
}

/** An invoice that is imported as an order. It has a customer and at least one line. */
export interface Invoice {
  readonly invoiceNo: string;
  readonly customerId: string;
  /** ISO 8601 UTC. Taken from the first line, because the lines of a few invoices differ by a minute. */
  readonly placedAt: string;
  /** In file order. Several lines can have the same product. */
  readonly lines: readonly InvoiceLine[];
}

export type SkipReason =
  | 'cancelled invoice'
  | 'invoice number not numeric'
  | 'no customer'
  | 'quantity not positive'
  | 'price not positive'
  | 'price finer than a penny';

export interface InvoiceFile {
  /** In the order of their first lines. */
  readonly invoices: readonly Invoice[];
  /** Number of skipped lines by the first reason that applies. */
  readonly skipped: ReadonlyMap<SkipReason, number>;
}

/**
 * Reads a whole CSV file, optionally gzipped, into invoices. The lines of an invoice need not be adjacent. Throws BadFile with line
 * and column at the first error.
 */
export async function readInvoices(path: string): Promise<InvoiceFile> {
  const invoices = new Map<string, Invoice & { readonly lines: InvoiceLine[] }>();
  const skipped = new Map<SkipReason, number>();
  let lines = 0;
  for await (const row of readRows(path)) {
    lines += 1;
    const reason = skipReason(row);
    if (reason !== undefined) {
      skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
      continue;
    }
    const { invoiceNo, customerId, placedAt } = row;
    const invoice = invoices.get(invoiceNo) ?? { invoiceNo, customerId, placedAt, lines: [] };
    if (invoice.customerId !== customerId) {
      throw badValue(
        row.line,
        'CustomerID',
        `invoice ${invoiceNo} has customer ${invoice.customerId} on an earlier line`,
      );
    }
    const { productId, description, quantity, amount } = row;
    invoice.lines.push({ productId, description, quantity, price: amount.pennies });
    invoices.set(invoiceNo, invoice);
  }
  if (lines === 0) throw new BadFile('the file has no data after its header');
  return { invoices: [...invoices.values()], skipped };
}

interface Row {
  readonly line: number;
  readonly invoiceNo: string;
  readonly productId: string;
  readonly description: string;
  readonly quantity: number;
  readonly placedAt: string;
  readonly amount: Amount;
  readonly customerId: string;
}

async function* readRows(path: string): AsyncGenerator<Row> {
  let header: readonly string[] | undefined;
  for await (const record of readCsvRecords(path)) {
    if (header === undefined) header = checkHeader(record);
    else yield toRow(record, header);
  }
  if (header === undefined) throw new BadFile('the file is empty');
}

function checkHeader({ line, fields }: CsvRecord): readonly string[] {
  const header = fields.map((name) => name.trim());
  const missing = COLUMNS.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new BadFile(
      `line ${line}: the header has no column ${missing.join(', ')}. Required: ${COLUMNS.join(',')}. Found: ${header.join(',').slice(0, 200)}`,
    );
  }
  const twice = COLUMNS.find((column) => header.indexOf(column) !== header.lastIndexOf(column));
  if (twice !== undefined) throw badValue(line, twice, 'the header contains this column twice');
  return header;
}

function toRow({ line, fields }: CsvRecord, header: readonly string[]): Row {
  if (fields.length !== header.length) {
    const column = header[fields.length] ?? header.at(-1) ?? '';
    throw badValue(line, column, `the line has ${fields.length} fields, but the header has ${header.length}`);
  }
  const text = (column: Column): string => {
    const value = (fields[header.indexOf(column)] ?? '').trim();
    // The decoder replaces bytes that are not UTF-8 with U+FFFD.
    if (value.includes('\uFFFD')) throw badValue(line, column, `"${value}" is not UTF-8: save the file as UTF-8`);
    return value;
  };
  const parsed = <Value>(column: Column, parse: (text: string) => Value | undefined, what: string): Value => {
    const value = parse(text(column));
    if (value === undefined) throw badValue(line, column, `"${text(column)}" is not ${what}`);
    return value;
  };
  return {
    line,
    invoiceNo: parsed('InvoiceNo', parseId, 'an invoice number'),
    productId: parsed('StockCode', parseId, 'a stock code'),
    description: text('Description'),
    quantity: parsed('Quantity', parseInteger, 'a whole number'),
    placedAt: parsed('InvoiceDate', parseDate, 'a date such as 2010-12-01T08:26:00 or 12/1/2010 8:26'),
    amount: parsed('UnitPrice', parseAmount, 'an amount such as 2.55'),
    customerId: parsed('CustomerID', parseCustomerId, 'a customer number (digits only)'),
  };
}

/** The API's rule for IDs: at most 64 characters, no control characters. */
function parseId(text: string): string | undefined {
  return /^[^\p{Cc}]{1,64}$/u.test(text) ? text : undefined;
}

function parseCustomerId(text: string): string | undefined {
  return /^\d{0,64}$/.test(text) ? text : undefined;
}

function skipReason({ invoiceNo, customerId, quantity, amount }: Row): SkipReason | undefined {
  if (/^c\d+$/i.test(invoiceNo)) return 'cancelled invoice';
  if (!/^\d+$/.test(invoiceNo)) return 'invoice number not numeric';
  if (customerId === '') return 'no customer';
  if (quantity <= 0) return 'quantity not positive';
  if (amount.sign <= 0) return 'price not positive';
  return amount.exact ? undefined : 'price finer than a penny';
}
