import { describe, expect, it } from 'vitest';
import { decideCustomer } from '../../../src/commands/customers/domain/customer.ts';
import type { OrderCommand, PlaceOrder } from '../../../src/commands/orders/domain/commands.ts';
import { decideOrder } from '../../../src/commands/orders/domain/decide.ts';
import { initialOrder, type OrderState } from '../../../src/commands/orders/domain/order.ts';
import { rejectionProblem } from '../../../src/commands/pipeline/handle-command.ts';
import { decideProduct } from '../../../src/commands/products/domain/product.ts';

const lamp = { productId: 'lamp', currency: 'USD', price: 2999, available: 3, discontinued: false };
const desk = { productId: 'desk', currency: 'USD', price: 45_000, available: 0, discontinued: false };
const rug = { productId: 'rug', currency: 'EUR', price: 100, available: 10, discontinued: false };
const facts = {
  customer: { customerId: 'ada', currency: 'USD', creditLimit: 10_000, creditUsed: 4_000, erased: false },
  products: new Map([lamp, desk, rug].map((product) => [product.productId, product])),
  version: 0,
  openDrafts: 0,
};
const place: PlaceOrder = {
  type: 'PlaceOrder',
  orderId: 'order-1',
  customerId: 'ada',
  currency: 'USD',
  items: [],
  shippingAddress: { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' },
  placedAt: '2026-01-15T10:30:00.000Z',
  setsPrices: false,
};

/** The body of the response to a rejected command. */
function problemOf(decision: ReturnType<typeof decideOrder | typeof decideCustomer | typeof decideProduct>): unknown {
  if (decision.outcome !== 'rejected') throw new Error('The command was accepted.');
  const { body } = rejectionProblem(decision.rejection).toResponse('/api/orders');
  return JSON.parse(String(body));
}

const ordering = (change: Partial<PlaceOrder>, state: OrderState = initialOrder) =>
  problemOf(decideOrder({ ...place, ...change }, state, facts));

describe('the problem of a rejected command has as fields what the client needs to correct it:', () => {
  it('the catalogue price of each line as a decimal amount, and that of the first line at the top', () => {
    const items = [
      { productId: 'lamp', quantity: 1, price: 2500 },
      { productId: 'lamp', quantity: 1, price: 2999 },
      { productId: 'desk', quantity: 1, price: 1 },
    ];
    expect(ordering({ items })).toMatchObject({
      code: 'price-changed',
      productId: 'lamp',
      price: 29.99,
      currency: 'USD',
      errors: [
        { path: 'items.0.price', productId: 'lamp', price: 29.99, currency: 'USD' },
        { path: 'items.2.price', productId: 'desk', price: 450, currency: 'USD' },
      ],
    });
  });

  it('the stock that is left of each product', () => {
    const items = [
      { productId: 'lamp', quantity: 2 },
      { productId: 'desk', quantity: 1 },
      { productId: 'lamp', quantity: 2 },
    ];
    expect(ordering({ items })).toMatchObject({
      code: 'insufficient-stock',
      productId: 'lamp',
      requested: 4,
      available: 3,
      errors: [
        { path: 'items.0.quantity', productId: 'lamp', requested: 4, available: 3 },
        { path: 'items.1.quantity', productId: 'desk', requested: 1, available: 0 },
      ],
    });
  });

  it('the stock that is left when more is to be removed', () => {
    const state = { productId: 'lamp', name: 'Desk lamp', currency: 'USD', price: 2999, discontinued: false };
    const command = { type: 'AdjustStock' as const, productId: 'lamp', delta: -4, reason: 'broken' };
    const left = { productId: 'lamp', requested: 4, available: 3 };
    expect(problemOf(decideProduct(command, state, { available: 3 }))).toMatchObject({
      code: 'insufficient-stock',
      ...left,
      errors: [{ path: 'delta', ...left }],
    });
  });

  it('the credit that is left', () => {
    const items = [{ productId: 'lamp', quantity: 3 }];
    expect(ordering({ items })).toMatchObject({
      code: 'credit-limit-exceeded',
      creditAvailable: 60,
      currency: 'USD',
    });
  });

  it('the credit in use when the limit is to be lower', () => {
    const { creditLimit, currency } = facts.customer;
    const state = {
      customerId: 'ada',
      name: 'Ada',
      email: 'ada@example.com',
      phone: null,
      currency,
      creditLimit,
      erasureRequestedBy: null,
    };
    const command = { type: 'ChangeCreditLimit' as const, customerId: 'ada', creditLimit: 3_999 };
    expect(problemOf(decideCustomer(command, state, { creditUsed: 4_000, erased: false }))).toMatchObject({
      code: 'credit-limit-exceeded',
      creditUsed: 40,
      currency: 'USD',
    });
  });

  it('the currency of the product, or of the customer', () => {
    const items = [{ productId: 'rug', quantity: 1 }];
    const mismatch = { code: 'currency-mismatch' };
    expect(ordering({ items })).toMatchObject({ ...mismatch, productId: 'rug', currency: 'EUR' });
    expect(ordering({ currency: 'EUR' })).toMatchObject({ ...mismatch, currency: 'USD' });
  });

  it('the products that do not exist', () => {
    const items = ['sofa', 'lamp', 'bed'].map((productId) => ({ productId, quantity: 1 }));
    expect(ordering({ items })).toMatchObject({
      code: 'product-not-found',
      productId: 'sofa',
      errors: [{ productId: 'sofa' }, { productId: 'bed' }],
    });
  });

  it('the status of the order', () => {
    const submit: OrderCommand = {
      type: 'SubmitOrder',
      orderId: 'order-1',
      placedAt: place.placedAt,
      setsPrices: false,
    };
    const cancelled: OrderState = {
      status: 'cancelled',
      customerId: 'ada',
      currency: 'USD',
      items: [],
      lastLine: 0,
      total: 0,
      shippingAddress: null,
      placedAt: null,
    };
    expect(problemOf(decideOrder(submit, cancelled, facts))).toMatchObject({
      code: 'invalid-transition',
      orderStatus: 'cancelled',
    });
  });
});
