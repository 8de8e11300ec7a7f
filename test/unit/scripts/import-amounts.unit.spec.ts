import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customersOf, orderOf, productsOf, totalOf } from '../../../scripts/import/commands.ts';
import { parseAmount, parseDate } from '../../../scripts/import/parse-fields.ts';
import type { Invoice } from '../../../scripts/import/read-invoices.ts';

function invoice(invoiceNo: string, lines: Invoice['lines']): Invoice {
  return { invoiceNo, customerId: '7', placedAt: '2011-02-01T08:15:00.000Z', lines };
}
const line = { productId: 'A', description: 'NAME', quantity: 3, price: 10 };

describe('an amount', () => {
  it('is the same count of pennies that was written', () => {
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
  ])('reads %s', (text, expected) => {
    expect(parseAmount(text)).toEqual(expected);
  });

  it.each(['', '1e3', '.5', '1,5', '£1', 'NaN', '99999999999999999'])('does not read %j', (text) => {
    expect(parseAmount(text)).toBeUndefined();
  });

  it('adds up without the error of floating point', () => {
    expect(totalOf(invoice('1', [line, { ...line, quantity: 1, price: 20 }]))).toBe(50);
  });
});

describe('a date', () => {
  it.each([
    ['2010-12-01T08:26:00', '2010-12-01T08:26:00.000Z'],
    ['2010-12-01T08:26', '2010-12-01T08:26:00.000Z'],
    ['12/1/2010 8:26', '2010-12-01T08:26:00.000Z'],
  ])('%s is taken as UTC', (text, expected) => {
    expect(parseDate(text)).toBe(expected);
  });

  it.each(['2010-13-01T08:26:00', '2010-12-01T24:00:00', '2011-02-29T08:26:00', '12/32/2010 8:26', '2010-12-01', ''])(
    '%j is none',
    (text) => {
      expect(parseDate(text)).toBeUndefined();
    },
  );
});

describe('the commands of a file', () => {
  it('give a customer credit for the whole file, also when one invoice is chosen', () => {
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

  it('name a product without a description by its stock code', () => {
    const whole = [invoice('1', [{ ...line, description: '' }])];
    expect(productsOf(whole, whole)[0]?.body).toMatchObject({ name: 'A' });
  });

  it('keep a name within the 200 characters of the API', () => {
    const whole = [invoice('1', [{ ...line, description: 'x'.repeat(300) }])];
    expect(productsOf(whole, whole)[0]?.body).toMatchObject({ name: 'x'.repeat(200) });
  });

  it('have keys that fit into a header', () => {
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
