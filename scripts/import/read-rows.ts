import { BadFile, badValue } from './bad-file.ts';
import { type Column, type Header, readHeader } from './columns.ts';
import { type CsvRecord, readCsvRecords } from './csv-records.ts';
import type { DateSource } from './date-order.ts';
import { type ParsedDate, parseDate } from './parse-date.ts';
import {
  type Amount,
  parseAmount,
  parseCustomerId,
  parseInvoiceNo,
  parseStockCode,
  parseUnits,
} from './parse-fields.ts';

/** A line of an invoice as it is in the file. */
export interface Row {
  /** The line in the file on which the row starts, from 1. */
  readonly line: number;
  readonly invoiceNo: string;
  readonly stockCode: string;
  /** Trimmed. Empty when the file has none. */
  readonly description: string;
  readonly quantity: number;
  readonly date: ParsedDate;
  readonly dateSource: DateSource;
  readonly amount: Amount;
  /** Empty when the file has none. */
  readonly customerId: string;
  /** The name of a column in the header of the file, for messages. */
  readonly nameOf: (column: Column) => string;
}

/** Streams the rows of a CSV file. Throws BadFile with line and column at the first invalid value. */
export async function* readRows(path: string): AsyncGenerator<Row> {
  let header: Header | undefined;
  for await (const record of readCsvRecords(path)) {
    if (header === undefined) header = readHeader(record);
    else yield toRow(record, header);
  }
  if (header === undefined) throw new BadFile('the file is empty');
}

function toRow({ line, fields }: CsvRecord, { names, positions }: Header): Row {
  if (fields.length !== names.length) {
    const column = names[fields.length] ?? names.at(-1) ?? '';
    throw badValue(line, column, `the line has ${fields.length} fields, but the header has ${names.length}`);
  }
  const nameOf = (column: Column): string => names[positions[column]] ?? column;
  const text = (column: Column): string => {
    const value = (fields[positions[column]] ?? '').trim();
    // The decoder replaces bytes that are not UTF-8 with U+FFFD.
    if (value.includes('\uFFFD')) {
      throw badValue(line, nameOf(column), `"${value}" is not UTF-8: save the file as UTF-8`);
    }
    return value;
  };
  const parsed = <Value>(column: Column, parse: (text: string) => Value | undefined, what: string): Value => {
    const value = parse(text(column));
    if (value === undefined) throw badValue(line, nameOf(column), `"${text(column)}" is not ${what}`);
    return value;
  };
  return {
    line,
    invoiceNo: parsed('InvoiceNo', parseInvoiceNo, 'an invoice number'),
    stockCode: parsed('StockCode', parseStockCode, 'a stock code'),
    description: text('Description'),
    quantity: parsed('Quantity', parseUnits, 'a whole number'),
    date: parsed('InvoiceDate', parseDate, 'a date such as 2010-12-01T08:26:00 or 12/1/2010 8:26'),
    dateSource: { line, column: nameOf('InvoiceDate'), text: text('InvoiceDate') },
    amount: parsed('UnitPrice', parseAmount, 'an amount such as 2.55'),
    customerId: parsed('CustomerID', parseCustomerId, 'a customer number (at most 50 digits)'),
    nameOf,
  };
}
