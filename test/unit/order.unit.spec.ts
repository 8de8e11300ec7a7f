import { describe, expect, it } from 'vitest';
import {
  decideOrder,
  evolveOrder,
  initialOrder,
  type OrderEvent,
  type OrderState,
  type PlaceOrder,
  reservationsOf,
} from '../../src/commands/domain/order.ts';
import type { OrderFacts } from '../../src/commands/domain/order-rules.ts';

const address = { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' };
const placedAt = '2026-01-15T10:30:00.000Z';

const lamp = { productId: 'lamp', currency: 'USD', price: 2999, available: 10 };
const desk = { productId: 'desk', currency: 'USD', price: 45_000, available: 2 };
const ada = { customerId: 'ada', currency: 'USD', creditLimit: 100_000, creditUsed: 0 };

const facts = (changes: { customer?: Partial<typeof ada>; lamp?: Partial<typeof lamp> } = {}): OrderFacts => ({
  customer: { ...ada, ...changes.customer },
  products: new Map([lamp, desk].map((product) => [product.productId, product])).set('lamp', {
    ...lamp,
    ...changes.lamp,
  }),
});

const place: PlaceOrder = {
  type: 'PlaceOrder',
  orderId: 'order-1',
  customerId: 'ada',
  currency: 'USD',
  items: [{ productId: 'lamp', quantity: 2 }],
  shippingAddress: address,
  placedAt,
  setsPrices: false,
};

const placed: OrderEvent = {
  eventType: 'OrderPlaced',
  data: {
    customerId: 'ada',
    currency: 'USD',
    items: [{ line: 1, productId: 'lamp', quantity: 2, price: 2999 }],
    total: 5998,
    shippingAddress: address,
    placedAt,
  },
};

/** Reads as the specification: given events and facts, when a command, then an event or a rejection. */
function given(...events: readonly OrderEvent[]) {
  const state = events.reduce<OrderState>(evolveOrder, initialOrder);
  return {
    when: (command: PlaceOrder, known = facts()) => {
      const decision = decideOrder(command, state, known);
      return {
        then: (event: OrderEvent) => expect(decision).toEqual({ outcome: 'accepted', event }),
        thenRejected: (code: string, ...paths: readonly string[]) => {
          expect(decision).toMatchObject({ outcome: 'rejected', rejection: { code } });
          const errors = decision.outcome === 'rejected' ? (decision.rejection.errors ?? []) : [];
          expect(errors.map(({ path }) => path)).toEqual(paths);
        },
      };
    },
  };
}

describe('PlaceOrder', () => {
  it('takes the catalogue price of each line and sums up the total', () => {
    given().when(place).then(placed);
  });

  it('numbers the lines and keeps several of one product at several prices when the command sets them', () => {
    const items = [
      { productId: 'lamp', quantity: 1, price: 2500 },
      { productId: 'desk', quantity: 1 },
      { productId: 'lamp', quantity: 3, price: 2000 },
    ];
    given()
      .when({ ...place, items, setsPrices: true })
      .then({
        eventType: 'OrderPlaced',
        data: {
          ...placed.data,
          items: [
            { line: 1, productId: 'lamp', quantity: 1, price: 2500 },
            { line: 2, productId: 'desk', quantity: 1, price: 45_000 },
            { line: 3, productId: 'lamp', quantity: 3, price: 2000 },
          ],
          total: 53_500,
        },
      });
  });

  it('accepts a price that the client states when it is the catalogue’s', () => {
    given()
      .when({ ...place, items: [{ productId: 'lamp', quantity: 2, price: 2999 }] })
      .then(placed);
  });

  it('refuses a stated price that differs from the catalogue’s, and names the line', () => {
    const items = [
      { productId: 'desk', quantity: 1 },
      { productId: 'lamp', quantity: 2, price: 2998 },
    ];
    given()
      .when({ ...place, items })
      .thenRejected('price-changed', 'items.1.price');
  });

  it('refuses an id that is taken', () => {
    given(placed).when(place).thenRejected('order-exists');
  });

  it('refuses a customer that is not registered', () => {
    given()
      .when(place, { ...facts(), customer: undefined })
      .thenRejected('customer-not-found');
  });

  it('refuses products that are not in the catalogue, and names every line', () => {
    const items = [
      { productId: 'sofa', quantity: 1 },
      { productId: 'lamp', quantity: 1 },
      { productId: 'bed', quantity: 1 },
    ];
    given()
      .when({ ...place, items })
      .thenRejected('product-not-found', 'items.0.productId', 'items.2.productId');
  });

  it('accepts the last units in stock', () => {
    given()
      .when(place, facts({ lamp: { available: 2 } }))
      .then(placed);
  });

  it('refuses more than is in stock, counting all lines of a product together', () => {
    const items = [
      { productId: 'lamp', quantity: 1 },
      { productId: 'lamp', quantity: 2 },
    ];
    given()
      .when({ ...place, items }, facts({ lamp: { available: 2 } }))
      .thenRejected('insufficient-stock', 'items.0.quantity');
  });

  it('accepts an order that uses up the credit to the cent', () => {
    given()
      .when(place, facts({ customer: { creditLimit: 6000, creditUsed: 2 } }))
      .then(placed);
  });

  it('refuses an order one cent above the credit that is left', () => {
    given()
      .when(place, facts({ customer: { creditLimit: 6000, creditUsed: 3 } }))
      .thenRejected('credit-limit-exceeded');
  });

  it('refuses a customer with another currency', () => {
    given()
      .when(place, facts({ customer: { currency: 'EUR' } }))
      .thenRejected('currency-mismatch', 'customerId');
  });

  it('refuses a product with another currency, on the lines that have it', () => {
    given()
      .when(place, facts({ lamp: { currency: 'EUR' } }))
      .thenRejected('currency-mismatch', 'items.0.productId');
  });

  it('holds its units of each product and its total of the customer’s credit', () => {
    expect(reservationsOf(evolveOrder(initialOrder, placed))).toEqual({ stock: new Map([['lamp', 2]]), credit: 5998 });
  });
});
