import { describe, expect, it } from 'vitest';
import type { DateOrder } from '../../../scripts/import/parse-date.ts';
import { type InvoiceFile, readInvoices } from '../../../scripts/import/read-invoices.ts';
import { GOOD, HEADER, lines, row, useCsvFolder } from '../../support/import/csv-files.ts';

const folder = useCsvFolder();

/** Reads a file with this content. */
async function read(content: string, dateOrder?: DateOrder): Promise<InvoiceFile> {
  return readInvoices(await folder.write(content), dateOrder);
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
    expect(placedAt(await read(dated('12/1/2010 8:26'), dateOrder))).toEqual([expected]);
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
    await expect(read(dated(date), dateOrder)).rejects.toThrow(
      `line 2, column InvoiceDate: "${date}" ${wrong}, which --date-order requires`,
    );
  });
});
