import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toProductId, toStockCode } from '../../../scripts/import/product-id.ts';
import { toProductName } from '../../../scripts/import/product-name.ts';
import type { Invoice } from '../../../scripts/import/read-invoices.ts';
import { describeSplits, splitInvoice } from '../../../scripts/import/split-invoice.ts';
import { textLine } from '../../../src/commands/http/fields.ts';
import { identifier } from '../../../src/shared/http/identifiers.ts';

/** Any text, with the characters that matter more often than by chance. */
const characters = fc.oneof(
  fc.constantFrom(
    '/',
    '\\',
    '~',
    '%',
    '2',
    'F',
    'f',
    '5',
    'C',
    'c',
    '.',
    '\n',
    '\u0085',
    ' ',
    '商',
    '🎉',
    'é',
    '\u200b',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
const text = fc.array(characters, { minLength: 1, maxLength: 80 }).map((parts) => parts.join('').trim());

describe('the product id of a stock code', () => {
  it.each([
    ['85123A', '85123A'],
    ['BANK CHARGES', 'BANK CHARGES'],
    ['gift_0001_40', 'gift_0001_40'],
    ['50% OFF', '50% OFF'],
    ['商品', '商品'],
    ['85123/A', '85123~2FA'],
    ['A\\B', 'A~5CB'],
    ['A~2FB', 'A~7E2FB'],
    ['A%2fB', 'A~252fB'],
    ['A%5CB', 'A~255CB'],
    ['A\nB', 'A~0AB'],
    ['.', '~2E'],
    ['..', '~2E~2E'],
    ['...', '...'],
    ['x'.repeat(64), 'x'.repeat(64)],
  ])('of %j is %j', (stockCode, productId) => {
    expect(toProductId(stockCode)).toEqual({ id: productId });
  });

  it.each([['x'.repeat(65)], ['/'.repeat(22)], ['🎉'.repeat(33)]])(
    'does not exist when it would be too long: %j',
    (code) => {
      expect(toProductId(code)).toEqual({ problem: 'too long' });
    },
  );

  it.each(['\u200b', '\u{e0001}\u00ad', '\u2800', ''])('does not exist when nobody could see it: %j', (code) => {
    expect(toProductId(code)).toEqual({ problem: 'not visible' });
  });

  it('is an id that the API and every host on the way accept, and gives back the stock code', () => {
    fc.assert(
      fc.property(text, (stockCode) => {
        const { id: productId } = toProductId(stockCode);
        fc.pre(productId !== undefined);
        expect(identifier.safeParse(productId).error).toBeUndefined();
        expect(productId).toMatch(/^[^/\\]{1,64}$/);
        expect(toStockCode(productId)).toBe(stockCode);
      }),
    );
  });
});

describe('the name of a product', () => {
  it('is accepted by the API whatever the description', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          text.map((each) => each.repeat(20)),
        ),
        (description) => {
          const name = toProductName(description);
          fc.pre(name !== undefined);
          expect(textLine.safeParse(name)).toEqual({ success: true, data: name });
          expect([name.length <= 200, name.isWellFormed()]).toEqual([true, true]);
        },
      ),
    );
  });

  it('is the description when the API accepts that', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (description) => {
        fc.pre(textLine.safeParse(description).success && !/[\p{Zl}\p{Zp}]/u.test(description));
        expect(toProductName(description)).toBe(description.trim());
      }),
    );
  });

  it.each(['', ' \r\n ', '[erased]'])('does not exist for %j', (description) => {
    expect(toProductName(description)).toBeUndefined();
  });
});

describe('an invoice', () => {
  const invoice = (count: number): Invoice => ({
    invoiceNo: '581219',
    customerId: '7',
    placedAt: '2011-12-08T09:28:00.000Z',
    lines: Array.from({ length: count }, (_, index) => ({
      productId: String(index),
      description: '',
      quantity: 1,
      price: 10,
    })),
  });

  it.each([
    [1, ['581219']],
    [500, ['581219']],
    [501, ['581219', '581219-2']],
    [1_000, ['581219', '581219-2']],
    [1_001, ['581219', '581219-2', '581219-3']],
  ])('of %i lines is imported as the orders %j', (count, orders) => {
    expect(splitInvoice(invoice(count)).map(({ invoiceNo }) => invoiceNo)).toEqual(orders);
  });

  it('keeps every line once and in sequence when it is split', () => {
    const parts = splitInvoice(invoice(1_234));
    expect(parts.flatMap(({ lines }) => lines)).toEqual(invoice(1_234).lines);
    expect(Math.max(...parts.map(({ lines }) => lines.length))).toBe(500);
  });

  it('is described when it is split', () => {
    expect(describeSplits([invoice(500), invoice(542)])).toEqual([
      'Invoice 581219 has 542 lines, but an order has at most 500: it is 2 orders, 581219, 581219-2.',
    ]);
  });
});
