import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customersOf, orderOf, productsOf, totalOf } from '../../../scripts/import/commands.ts';
import { parseAmount } from '../../../scripts/import/parse-fields.ts';
import type { Invoice } from '../../../scripts/import/read-invoices.ts';

function invoice(invoiceNo: string, lines: Invoice['lines']): Invoice {
  return { invoiceNo, customerId: '7', placedAt: '2011-02-01T08:15:00.000Z', lines };
}
const line = { productId: 'A', description: 'NAME', quantity: 3, price: 10 };

describe('an amount', () => {
  it('is read as exactly the number of pennies in the text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (pennies) => {
        const text = `${Math.trunc(pennies / 100)}.${String(pennies % 100).padStart(2, '0')}`;
        expect(parseAmount(text)?.pennies).toBe(pennies);
      }),
    );
  });

  it.each([
    ['2.5', { sign: 1, pennies: 250, exact: true }],
    ['15', { sign: 1, pennies: 1500, exact: true }],
    ['1.100', { sign: 1, pennies: 110, exact: true }],
    ['0.001', { sign: 1, pennies: 0, exact: false }],
    ['0.00', { sign: 0, pennies: 0, exact: true }],
    ['-11062.06', { sign: -1, pennies: -1106206, exact: true }],
  ])('can be read from %j', (text, expected) => {
    expect(parseAmount(text)).toEqual(expected);
  });

  it.each(['', '1e3', '.5', '1,5', '£1', 'NaN', '99999999999999999'])('cannot be read from %j', (text) => {
    expect(parseAmount(text)).toBeUndefined();
  });

  it('adds up without floating-point errors', () => {
    expect(totalOf(invoice('1', [line, { ...line, quantity: 1, price: 20 }]))).toBe(50);
  });
});

describe('the commands for a file', () => {
  it('give a customer credit for the whole file even when only one invoice is imported', () => {
    const whole = [invoice('1', [line]), invoice('2', [{ ...line, price: 255 }])];
    expect(customersOf(whole.slice(0, 1), whole)).toEqual([
      {
        what: 'customer 7',
        path: '/customers',
        idempotencyKey: 'import-customer-7',
        body: {
          customerId: '7',
          name: 'Customer 7',
          email: 'customer-7@example.com',
          creditLimit: 15.9,
          currency: 'GBP',
        },
      },
    ]);
  });

  it('give a customer at most the credit that the API allows', () => {
    const whole = [invoice('1', [{ ...line, quantity: 80_000, price: 10 ** 10 }])];
    expect(customersOf(whole, whole)[0]?.body).toMatchObject({ creditLimit: 10_000_000_000_000 });
  });

  it('give a product stock for the whole file, its first price and its first name', () => {
    const whole = [invoice('1', [{ ...line, description: '' }]), invoice('2', [{ ...line, price: 99 }])];
    expect(productsOf(whole.slice(0, 1), whole)[0]?.body).toEqual({
      productId: 'A',
      name: 'NAME',
      price: 0.1,
      stock: 12,
      currency: 'GBP',
    });
  });

  it('name a product after its stock code when it has no description', () => {
    const whole = [invoice('1', [{ ...line, description: '' }])];
    expect(productsOf(whole, whole)[0]?.body).toMatchObject({ name: 'A' });
  });

  it('shorten a product name to the 200 characters that the API allows', () => {
    const whole = [invoice('1', [{ ...line, description: 'x'.repeat(300) }])];
    expect(productsOf(whole, whole)[0]?.body).toMatchObject({ name: 'x'.repeat(200) });
  });

  it('shorten a product name to 200 UTF-16 code units without cutting a surrogate pair', () => {
    const whole = [invoice('1', [{ ...line, description: `x${'🎉'.repeat(150)}` }])];
    expect(productsOf(whole, whole)[0]?.body).toMatchObject({ name: `x${'🎉'.repeat(99)}` });
  });

  it('put a product name with line breaks on one line', () => {
    const whole = [invoice('1', [{ ...line, description: 'TIN\r\nLANTERN, \n\tSMALL' }])];
    expect(productsOf(whole, whole)[0]?.body).toMatchObject({ name: 'TIN LANTERN, SMALL' });
  });

  it('take the next description as the name when the first is reserved', () => {
    const whole = [invoice('1', [{ ...line, description: '[erased]' }, line])];
    expect(productsOf(whole, whole)[0]?.body).toMatchObject({ name: 'NAME' });
  });

  it('show a product by its stock code', () => {
    const whole = [invoice('1', [{ ...line, productId: '85123~2FA' }])];
    expect(productsOf(whole, whole)[0]?.what).toBe('product 85123/A');
  });

  it('have idempotency keys that the API accepts, however long the id is, and a different one for each id', () => {
    const character = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 });
    const id = fc.array(character, { minLength: 1, maxLength: 64 }).map((characters) => characters.join(''));
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 2, maxLength: 5 }), (productIds) => {
        const whole = [
          invoice(
            '1',
            productIds.map((productId) => ({ ...line, productId })),
          ),
        ];
        const keys = productsOf(whole, whole).map(({ idempotencyKey }) => idempotencyKey);
        expect(keys.filter((key) => !/^[\x21-\x7e]{1,64}$/.test(key))).toEqual([]);
        expect(new Set(keys).size).toBe(productIds.length);
      }),
      { numRuns: 30 },
    );
  });

  it('have idempotency keys that are valid in a header', () => {
    const whole = [invoice('1', [{ ...line, productId: 'BANK CHARGES é' }])];
    expect(productsOf(whole, whole)[0]?.idempotencyKey).toBe('import-product-BANK%20CHARGES%20%C3%A9');
  });

  it('place an invoice as an order with all its lines', () => {
    expect(orderOf(invoice('536365', [line, { ...line, price: 12 }]))).toEqual({
      what: 'order 536365',
      path: '/orders',
      idempotencyKey: 'import-order-536365',
      body: {
        orderId: '536365',
        customerId: '7',
        currency: 'GBP',
        placedAt: '2011-02-01T08:15:00.000Z',
        items: [
          { productId: 'A', quantity: 3, price: 0.1 },
          { productId: 'A', quantity: 3, price: 0.12 },
        ],
        shippingAddress: { street: '1 Market Street', city: 'London', state: 'LND', zip: 'EC1A 1AA', country: 'GB' },
      },
    });
  });
});
