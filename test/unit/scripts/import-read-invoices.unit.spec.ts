import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type InvoiceFile, readInvoices } from '../../../scripts/import/read-invoices.ts';
import { GOOD, HEADER, lines, row, useCsvFolder } from '../../support/import/csv-files.ts';

const SLICE = fileURLToPath(new URL('../../fixtures/online-retail-slice.csv', import.meta.url));

const folder = useCsvFolder();

/** Reads a file with this content. */
async function read(content: string | Buffer, ending?: string): Promise<InvoiceFile> {
  return readInvoices(await folder.write(content, ending));
}

describe('reading a valid file', () => {
  it('returns the invoices that have a customer and a line, in file order', async () => {
    const { invoices } = await readInvoices(SLICE);
    expect(invoices.map(({ invoiceNo }) => invoiceNo)).toEqual([
      '700001',
      '700002',
      '700003',
      '700006',
      '700007',
      '700010',
      '700011',
    ]);
  });

  it('counts every skipped line by its reason', async () => {
    const { skipped } = await readInvoices(SLICE);
    expect(Object.fromEntries(skipped)).toEqual({
      'cancelled invoice': 1,
      'no customer': 2,
      'quantity not positive': 2,
      'price not positive': 1,
      'price finer than a penny': 1,
      'invoice number not numeric': 1,
    });
  });

  it('keeps each line of one product, with prices in pennies', async () => {
    const { invoices } = await readInvoices(SLICE);
    expect(invoices[1]).toEqual({
      invoiceNo: '700002',
      customerId: '20002',
      placedAt: '2011-02-01T08:31:00.000Z',
      lines: [
        { productId: '10001A', description: 'OAK PICTURE FRAME', quantity: 2, price: 255 },
        { productId: '10001A', description: 'OAK PICTURE FRAME', quantity: 1, price: 295 },
      ],
    });
  });

  it('joins separated lines of one invoice, with the time of the first', async () => {
    const { invoices } = await readInvoices(SLICE);
    expect(invoices[4]).toMatchObject({
      invoiceNo: '700007',
      placedAt: '2011-02-02T10:00:00.000Z',
      lines: [{ productId: '10002' }, { productId: '10003', description: 'RULER 12" PINE' }],
    });
  });

  it('accepts gzip whatever the file name', async () => {
    const { invoices } = await read(gzipSync(lines(GOOD)));
    expect(invoices).toHaveLength(1);
  });

  it('accepts columns in any order and the additional column Country', async () => {
    const { invoices } = await read(
      'Country,CustomerID,UnitPrice,InvoiceDate,Quantity,Description,StockCode,InvoiceNo\nFrance,7,0.1,12/31/2010 8:26,3,NAME,A,1\n',
    );
    expect(invoices).toEqual([
      {
        invoiceNo: '1',
        customerId: '7',
        placedAt: '2010-12-31T08:26:00.000Z',
        lines: [{ productId: 'A', description: 'NAME', quantity: 3, price: 10 }],
      },
    ]);
  });

  it('accepts a byte order mark and Windows line endings', async () => {
    const { invoices } = await read(`\uFEFF${lines(GOOD).replaceAll('\n', '\r\n')}`);
    expect(invoices[0]?.customerId).toBe('7');
  });
});

describe('reading an invalid file', () => {
  const bad = (column: string, value: string): string => row({ [column]: value });

  it.each([
    ['InvoiceNo', '', '"" is not an invoice number'],
    ['StockCode', '', '"" is not a stock code'],
    ['Quantity', 'six', '"six" is not a whole number'],
    ['Quantity', '1.5', '"1.5" is not a whole number'],
    ['UnitPrice', '2.5.5', '"2.5.5" is not an amount such as 2.55'],
    ['UnitPrice', '', '"" is not an amount such as 2.55'],
    [
      'InvoiceDate',
      '2011-02-30T08:15:00',
      '"2011-02-30T08:15:00" is not a date such as 2010-12-01T08:26:00 or 12/1/2010 8:26',
    ],
    ['InvoiceDate', '31/31/2010 8:26', '"31/31/2010 8:26" is not a date such as 2010-12-01T08:26:00 or 12/1/2010 8:26'],
    ['CustomerID', '17850.5', '"17850.5" is not a customer number (at most 50 digits)'],
  ])('reports the line and column of the %s "%s"', async (column, value, wrong) => {
    await expect(read(lines(GOOD, bad(column, value)))).rejects.toThrow(
      expect.objectContaining({ name: 'BadFile', message: `line 3, column ${column}: ${wrong}` }),
    );
  });

  it.each([
    [
      'has too few fields',
      lines(GOOD, '1,A,NAME,6'),
      'line 3, column InvoiceDate: the line has 4 fields, but the header has 7',
    ],
    [
      'has too many fields',
      lines(`${GOOD},UK`),
      'line 2, column CustomerID: the line has 8 fields, but the header has 7',
    ],
    [
      'never closes a quote',
      lines(GOOD, '1,A,"NAME,6,2011-02-01T08:15:00,2.55,7', GOOD),
      'line 3, field 3: a quote is never closed',
    ],
    [
      'has a stray quote',
      lines(GOOD, '1,A,12" RULER,6,2011-02-01T08:15:00,2.55,7'),
      'line 3, field 3: a quote appears inside a field that does not start with one',
    ],
    [
      'gives one invoice two customers',
      lines(GOOD, bad('CustomerID', '8')),
      'line 3, column CustomerID: invoice 1 has customer 7 on an earlier line',
    ],
    ['has a column twice', `${HEADER},Quantity\n`, 'line 1, column Quantity: the header contains this column twice'],
    ['ends after its header', lines(), 'the file has no data after its header'],
    ['is empty', '', 'the file is empty'],
    ['is blank', '\n\n', 'the file is empty'],
  ])('fails when the file %s', async (_what, content, message) => {
    await expect(read(content)).rejects.toThrow(expect.objectContaining({ name: 'BadFile', message }));
  });

  it('reports which columns are missing', async () => {
    await expect(read('Number,StockCode,Description,Quantity,InvoiceDate,Cost,CustomerID\n')).rejects.toThrow(
      'line 1: the header has no column InvoiceNo, UnitPrice.',
    );
  });

  it('reports where the file is not UTF-8', async () => {
    await expect(read(Buffer.from(lines(GOOD, bad('Description', 'CAFÉ')), 'latin1'))).rejects.toThrow(
      'line 3, column Description: "CAF\uFFFD" is not UTF-8',
    );
  });

  it('fails for text in a file named as gzip', async () => {
    await expect(read(lines(GOOD), '.csv.gz')).rejects.toThrow('the name ends in .gz, but the file is not gzip');
  });

  it('fails for truncated gzip', async () => {
    const whole = gzipSync(lines(GOOD));
    await expect(read(whole.subarray(0, -4))).rejects.toThrow(/^the gzip data is truncated after line \d+$/);
  });

  it('fails for damaged gzip', async () => {
    const damaged = gzipSync(lines(GOOD));
    damaged.writeUInt32LE(0, damaged.length - 8);
    await expect(read(damaged)).rejects.toThrow(/^the gzip data is corrupt after line \d+$/);
  });

  it('counts lines as an editor does, including line breaks inside quotes', async () => {
    const content = lines(bad('Description', '"TWO\nLINES"'), '', 'x').replaceAll('\n', '\r\n');
    await expect(read(content)).rejects.toThrow(
      'line 5, column StockCode: the line has 1 fields, but the header has 7',
    );
  });

  it('reports that the file does not exist', async () => {
    await expect(readInvoices(join(folder.path(), 'none.csv'))).rejects.toThrow('there is no such file');
  });

  it('reports that the path is a folder', async () => {
    await expect(readInvoices(folder.path())).rejects.toThrow('it is a folder, not a file');
  });
});
