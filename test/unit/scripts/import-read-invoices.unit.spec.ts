import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DateOrder } from '../../../scripts/import/parse-date.ts';
import { type InvoiceFile, readInvoices } from '../../../scripts/import/read-invoices.ts';

const SLICE = new URL('../../fixtures/online-retail-slice.csv', import.meta.url).pathname;
const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID';
const GOOD = '1,A,NAME,6,2011-02-01T08:15:00,2.55,7';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Reads a file with this content. */
async function read(
  content: string | Buffer,
  { ending = '.csv', dateOrder }: { readonly ending?: string; readonly dateOrder?: DateOrder } = {},
): Promise<InvoiceFile> {
  files += 1;
  const path = join(folder, `${files}${ending}`);
  await writeFile(path, content);
  return readInvoices(path, dateOrder);
}

const lines = (...rows: readonly string[]): string => [HEADER, ...rows, ''].join('\n');

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

/** The good line with other values in the given columns. */
function row(values: Readonly<Record<string, string>>): string {
  const good = GOOD.split(',');
  return HEADER.split(',')
    .map((name, index) => values[name] ?? good[index])
    .join(',');
}

describe('reading a file in another format', () => {
  it('understands the header of Online Retail II', async () => {
    const { invoices } = await read(
      'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n489434,85048,15CM BALL,12,2009-12-01 07:45:00,6.95,13085.0,United Kingdom\n',
    );
    expect(invoices).toEqual([
      {
        invoiceNo: '489434',
        customerId: '13085',
        placedAt: '2009-12-01T07:45:00.000Z',
        lines: [{ productId: '85048', description: '15CM BALL', quantity: 12, price: 695 }],
      },
    ]);
  });

  it('understands a file that pandas wrote, with an index and whole numbers as floats', async () => {
    const { invoices } = await read(
      [
        `,${HEADER}`,
        '0,536365.0,22423.0,A,6.0,2010-12-01 08:26:00,2.55,17850.0',
        '1,536365.0,22424.0,B,1.0,2010-12-01 08:26:00,1.0,17850.0',
        '',
      ].join('\n'),
    );
    expect(invoices).toMatchObject([
      {
        invoiceNo: '536365',
        customerId: '17850',
        lines: [
          { productId: '22423', quantity: 6 },
          { productId: '22424', quantity: 1 },
        ],
      },
    ]);
  });

  it('keeps a stock code such as 22423.0 when other codes are not floats', async () => {
    const { invoices } = await read(lines(row({ StockCode: '22423.0' }), row({ StockCode: '22423' })));
    expect(invoices[0]?.lines.map(({ productId }) => productId)).toEqual(['22423.0', '22423']);
  });

  it('skips a line without a customer that pandas wrote', async () => {
    const { skipped } = await read(lines(GOOD, row({ CustomerID: '' })));
    expect(Object.fromEntries(skipped)).toEqual({ 'no customer': 1 });
  });

  it('names the column of the file in an error', async () => {
    await expect(
      read('Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID\n1,A,B,1,2009-12-01 07:45:00,x,7\n'),
    ).rejects.toThrow('line 2, column Price: "x" is not an amount');
  });

  it('fails when a column has both of its names', async () => {
    await expect(read(`${HEADER},Price\n`)).rejects.toThrow(
      'line 1, column Price: the header contains this column twice',
    );
  });
});

describe('reading unusual stock codes, names and invoices', () => {
  it('gives a stock code with a slash an id that has none', async () => {
    const { invoices } = await read(lines(row({ StockCode: '85123/A' })));
    expect(invoices[0]?.lines[0]?.productId).toBe('85123~2FA');
  });

  it.each([
    ['of 64 characters', 'x'.repeat(64)],
    ['in Han', '商品'.repeat(30)],
  ])('keeps a stock code %s', async (_what, stockCode) => {
    const { invoices } = await read(lines(row({ StockCode: stockCode })));
    expect(invoices[0]?.lines[0]?.productId).toBe(stockCode);
  });

  it.each([
    ['too long', 'x'.repeat(65)],
    ['not visible', '\u200b'],
  ])('skips a line whose stock code is %s, says which, and reads the others', async (problem, stockCode) => {
    const { invoices, skipped, warnings } = await read(lines(GOOD, row({ StockCode: stockCode }), GOOD));
    expect([invoices[0]?.lines.length, Object.fromEntries(skipped), warnings]).toEqual([
      2,
      { [`stock code ${problem}`]: 1 },
      [`Line 3 is skipped: stock code ${problem}.`],
    ]);
  });

  it('skips an invoice whose number is too long, says which line, and reads the others', async () => {
    const { invoices, skipped, warnings } = await read(lines(row({ InvoiceNo: '9'.repeat(57) }), GOOD));
    expect([invoices.length, Object.fromEntries(skipped), warnings]).toEqual([
      1,
      { 'invoice number too long': 1 },
      ['Line 2 is skipped: invoice number too long.'],
    ]);
  });

  it('reads a name with line breaks as one field', async () => {
    const { invoices } = await read(lines(row({ Description: '"TIN\r\nLANTERN\nSMALL"' }), GOOD));
    expect(invoices[0]?.lines.map(({ description }) => description)).toEqual(['TIN\r\nLANTERN\nSMALL', 'NAME']);
  });
});

describe('the order of the dates', () => {
  const dated = (...dates: readonly string[]): string =>
    lines(...dates.map((date, index) => row({ InvoiceNo: String(index + 1), InvoiceDate: date })));
  const placedAt = ({ invoices }: InvoiceFile): readonly string[] =>
    invoices.map((invoice) => invoice.placedAt.slice(0, 16));

  it.each([
    ['month first', ['12/1/2010 8:26', '12/13/2010 8:26'], ['2010-12-01T08:26', '2010-12-13T08:26']],
    ['day first', ['1/12/2010 8:26', '13/12/2010 8:26'], ['2010-12-01T08:26', '2010-12-13T08:26']],
    ['day first', ['01-12-2010 08:26', '13.12.2010 08:26:30'], ['2010-12-01T08:26', '2010-12-13T08:26']],
  ])('is %s when one date shows it', async (_order, dates, expected) => {
    expect(placedAt(await read(dated(...dates)))).toEqual(expected);
  });

  it('is also shown by the date of a line that is skipped', async () => {
    const content = lines(
      row({ InvoiceDate: '1/12/2010 8:26' }),
      row({ InvoiceNo: 'C2', InvoiceDate: '13/12/2010 8:26' }),
    );
    expect(placedAt(await read(content))).toEqual(['2010-12-01T08:26']);
  });

  it('is refused as ambiguous when no date shows it', async () => {
    await expect(read(dated('2010-12-01T08:26:00', '12/1/2010 8:26'))).rejects.toThrow(
      'line 3, column InvoiceDate: "12/1/2010 8:26" can be month first or day first, and no date in the file shows which. Add --date-order month-first (as in the UCI data set) or --date-order day-first',
    );
  });

  it('does not matter when every date has the same day and month number', async () => {
    expect(placedAt(await read(dated('12/12/2010 8:26')))).toEqual(['2010-12-12T08:26']);
  });

  it.each([
    ['month-first', '2010-12-01T08:26'],
    ['day-first', '2010-01-12T08:26'],
  ] as const)('can be given as %s', async (dateOrder, expected) => {
    expect(placedAt(await read(dated('12/1/2010 8:26'), { dateOrder }))).toEqual([expected]);
  });

  it('is refused when the dates contradict each other', async () => {
    await expect(read(dated('12/13/2010 8:26', '13/12/2010 8:26'))).rejects.toThrow(
      'line 3, column InvoiceDate: "13/12/2010 8:26" is day first, but "12/13/2010 8:26" on line 2 is month first',
    );
  });

  it.each([
    ['month-first', '13/12/2010 8:26', 'is not month first'],
    ['day-first', '12/13/2010 8:26', 'is not day first'],
  ] as const)('is refused when it is given as %s and a date contradicts it', async (dateOrder, date, wrong) => {
    await expect(read(dated(date), { dateOrder })).rejects.toThrow(
      `line 2, column InvoiceDate: "${date}" ${wrong}, which --date-order requires`,
    );
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
    await expect(read(lines(GOOD), { ending: '.csv.gz' })).rejects.toThrow(
      'the name ends in .gz, but the file is not gzip',
    );
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
    await expect(readInvoices(join(folder, 'none.csv'))).rejects.toThrow('there is no such file');
  });

  it('reports that the path is a folder', async () => {
    await expect(readInvoices(folder)).rejects.toThrow('it is a folder, not a file');
  });
});
