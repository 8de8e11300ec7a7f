import { describe, expect, it } from 'vitest';
import type { OrderCommand, PlaceOrder } from '../../../src/commands/orders/domain/commands.ts';
import { decideOrder } from '../../../src/commands/orders/domain/decide.ts';
import {
  evolveOrder,
  initialOrder,
  type OrderState,
  reservationsOf,
} from '../../../src/commands/orders/domain/order.ts';
import { MAX_CHANGES, MAX_LINES, type OrderFacts } from '../../../src/commands/orders/domain/rules.ts';
import type { OrderEvent } from '../../../src/shared/events/order-events.ts';
import { MAX_AMOUNT } from '../../../src/shared/money.ts';

const address = { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' };
const placedAt = '2026-01-15T10:30:00.000Z';
const confirmedAt = '2026-01-15T11:00:00.000Z';
const shippedAt = '2026-01-16T08:00:00.000Z';
const deliveredAt = '2026-01-18T15:00:00.000Z';

const lamp = { productId: 'lamp', currency: 'USD', price: 2999, available: 10, discontinued: false };
const desk = { productId: 'desk', currency: 'USD', price: 45_000, available: 2, discontinued: false };
const ada = { customerId: 'ada', currency: 'USD', creditLimit: 100_000, creditUsed: 0, erased: false };

const facts = (
  changes: { customer?: Partial<typeof ada>; lamp?: Partial<typeof lamp>; version?: number; openDrafts?: number } = {},
): OrderFacts => ({
  version: changes.version ?? 1,
  openDrafts: changes.openDrafts ?? 0,
  customer: { ...ada, ...changes.customer },
  products: new Map([lamp, desk].map((product) => [product.productId, product])).set('lamp', {
    ...lamp,
    ...changes.lamp,
  }),
});

const orderId = 'order-1';
const place: PlaceOrder = {
  type: 'PlaceOrder',
  orderId,
  customerId: 'ada',
  currency: 'USD',
  items: [{ productId: 'lamp', quantity: 2 }],
  shippingAddress: address,
  placedAt,
  setsPrices: false,
};
const { placedAt: _placedAt, ...creating } = place;
const create = { ...creating, type: 'CreateOrder' as const, maxOpenDrafts: 3 };
const addLamp = { type: 'AddItem' as const, orderId, item: { productId: 'lamp', quantity: 1 }, setsPrices: false };
const removeLamp = { type: 'RemoveItem' as const, orderId, productId: 'lamp' };
const move = { type: 'ChangeShippingAddress' as const, orderId, shippingAddress: { ...address, street: '9 Pine St' } };
const submit = { type: 'SubmitOrder' as const, orderId, placedAt, setsPrices: false };
const confirm = { type: 'ConfirmOrder' as const, orderId, confirmedAt };
const ship = { type: 'ShipOrder' as const, orderId, carrier: 'UPS', trackingNumber: '1Z', shippedAt };
const deliver = { type: 'DeliverOrder' as const, orderId, deliveredAt };
const cancel = { type: 'CancelOrder' as const, orderId, reason: 'changed my mind' };
const expire = { type: 'ExpireOrder' as const, orderId, submittedAt: '2026-01-15T10:30:02.000Z' };
const refund = { type: 'RefundOrder' as const, orderId, reason: 'broken' };

const twoLamps = { line: 1, productId: 'lamp', quantity: 2, price: 2999 };
const created: OrderEvent = {
  eventType: 'OrderCreated',
  data: { customerId: 'ada', currency: 'USD', items: [twoLamps], total: 5998, shippingAddress: address },
};
const placed: OrderEvent = { eventType: 'OrderPlaced', data: { ...created.data, shippingAddress: address, placedAt } };
const submitted: OrderEvent = { eventType: 'OrderSubmitted', data: { placedAt } };
const confirmed: OrderEvent = { eventType: 'OrderConfirmed', data: { confirmedAt } };
const shipped: OrderEvent = { eventType: 'OrderShipped', data: { carrier: 'UPS', trackingNumber: '1Z', shippedAt } };
const delivered: OrderEvent = { eventType: 'OrderDelivered', data: { deliveredAt } };
const cancelled: OrderEvent = { eventType: 'OrderCancelled', data: { reason: 'changed my mind' } };
const expired: OrderEvent = {
  eventType: 'OrderExpired',
  data: { submittedAt: expire.submittedAt, reason: 'not-confirmed-in-time' },
};
const refunded: OrderEvent = { eventType: 'OrderRefunded', data: { reason: 'broken' } };

const stateAfter = (...events: readonly OrderEvent[]) => events.reduce<OrderState>(evolveOrder, initialOrder);

/** Reads as the specification: given events and facts, when a command is decided, then an event or a rejection. */
function given(...events: readonly OrderEvent[]) {
  const state = stateAfter(...events);
  return {
    when: (command: OrderCommand, known = facts()) => {
      const decision = decideOrder(command, state, known);
      return {
        then: (event: OrderEvent) => expect(decision).toEqual({ outcome: 'accepted', event }),
        thenRejected: (code: string, ...paths: readonly string[]) => {
          expect(decision).toMatchObject({ outcome: 'rejected', rejection: { code } });
          const errors = decision.outcome === 'rejected' ? (decision.rejection.errors ?? []) : [];
          expect(errors.map(({ path }) => path)).toEqual(paths);
        },
        thenMessage: (message: string) => expect(decision).toMatchObject({ rejection: { message } }),
      };
    },
  };
}

describe('PlaceOrder', () => {
  it('uses the catalogue price of each line and sums up the total', () => {
    given().when(place).then(placed);
  });

  it('numbers the lines and keeps lines of one product at different prices when the command sets prices', () => {
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

  it('accepts a stated price that equals the catalogue price', () => {
    given()
      .when({ ...place, items: [{ productId: 'lamp', quantity: 2, price: 2999 }] })
      .then(placed);
  });

  it('rejects a stated price that differs from the catalogue price and names the line', () => {
    const items = [
      { productId: 'desk', quantity: 1 },
      { productId: 'lamp', quantity: 2, price: 2998 },
    ];
    given()
      .when({ ...place, items })
      .thenRejected('price-changed', 'items.1.price');
  });

  it('rejects an order id that already exists', () => {
    given(placed).when(place).thenRejected('order-exists');
  });

  it('rejects a customer that is not registered', () => {
    given()
      .when(place, { ...facts(), customer: undefined })
      .thenRejected('customer-not-found');
  });

  it('rejects products that are not in the catalogue and names every line', () => {
    const items = [
      { productId: 'sofa', quantity: 1 },
      { productId: 'lamp', quantity: 1 },
      { productId: 'bed', quantity: 1 },
    ];
    given()
      .when({ ...place, items })
      .thenRejected('product-not-found', 'items.0.productId', 'items.2.productId');
  });

  it('says in its message that there are further errors', () => {
    const unknown = (...productIds: readonly string[]) => productIds.map((productId) => ({ productId, quantity: 1 }));
    const when = (items: PlaceOrder['items']) => given().when({ ...place, items });
    when(unknown('sofa')).thenMessage('There is no product sofa.');
    when(unknown('sofa', 'bed', 'rug')).thenMessage('There is no product sofa. (and 2 more, see errors)');
  });

  it('accepts the last units in stock', () => {
    given()
      .when(place, facts({ lamp: { available: 2 } }))
      .then(placed);
  });

  it('rejects a quantity above the stock, summed over all lines of a product, and names the first of these lines', () => {
    const items = [
      { productId: 'desk', quantity: 2 },
      { productId: 'lamp', quantity: 1 },
      { productId: 'lamp', quantity: 2 },
    ];
    const decision = given().when({ ...place, items }, facts({ lamp: { available: 2 } }));
    decision.thenRejected('insufficient-stock', 'items.1.quantity');
    decision.thenMessage('3 units of lamp were requested, but 2 are available.');
  });

  it('accepts an order that uses exactly the remaining credit', () => {
    given()
      .when(place, facts({ customer: { creditLimit: 6000, creditUsed: 2 } }))
      .then(placed);
  });

  it('rejects an order one cent above the remaining credit, and states both amounts', () => {
    const decision = given().when(place, facts({ customer: { creditLimit: 6000, creditUsed: 3 } }));
    decision.thenRejected('credit-limit-exceeded');
    decision.thenMessage('The order total of 59.98 USD exceeds the 59.97 USD of credit available to customer ada.');
  });

  it('rejects a total of one cent above the limit, even when the sum itself is not a safe integer', () => {
    const dear = facts({ lamp: { price: MAX_AMOUNT / 2, available: 1e9 }, customer: { creditLimit: MAX_AMOUNT } });
    const at = (...quantities: readonly number[]) => ({
      ...place,
      setsPrices: true,
      items: quantities.map((quantity) => ({ productId: 'lamp', quantity })),
    });
    const items = [{ ...twoLamps, price: MAX_AMOUNT / 2 }];
    given()
      .when(at(2), dear)
      .then({ ...placed, data: { ...placed.data, items, total: MAX_AMOUNT } });
    const cent = { productId: 'lamp', quantity: 1, price: 1 };
    const above = given().when({ ...at(2), items: [...at(2).items, cent] }, dear);
    above.thenRejected('validation-failed', 'items');
    above.thenMessage('The total of an order must be at most 10000000000000.00 USD: place several orders.');
    given()
      .when(at(...Array.from({ length: MAX_LINES }, () => 100_000)), dear)
      .thenRejected('validation-failed', 'items');
  });

  it('rejects a customer with another currency', () => {
    given()
      .when(place, facts({ customer: { currency: 'EUR' } }))
      .thenRejected('currency-mismatch', 'customerId');
  });

  it('rejects a product with another currency and names its lines', () => {
    given()
      .when(place, facts({ lamp: { currency: 'EUR' } }))
      .thenRejected('currency-mismatch', 'items.0.productId');
  });
});

describe('a draft', () => {
  it('reserves nothing: neither stock nor credit is checked', () => {
    given()
      .when(create, facts({ lamp: { available: 0 }, customer: { creditLimit: 0 } }))
      .then(created);
  });

  it('may be the last that the customer is allowed, but not one more', () => {
    given()
      .when(create, facts({ openDrafts: 2 }))
      .then(created);
    const oneMore = given().when(create, facts({ openDrafts: 3 }));
    oneMore.thenRejected('too-many-drafts');
    oneMore.thenMessage('Customer ada has 3 open drafts, which is the maximum: submit or cancel one first.');
  });

  it('does not count for an order that is placed at once', () => {
    given()
      .when(place, facts({ openDrafts: 1_000 }))
      .then(placed);
  });

  it('may have no lines and no address', () => {
    given()
      .when({ ...create, items: [], shippingAddress: null })
      .then({ eventType: 'OrderCreated', data: { ...created.data, items: [], total: 0, shippingAddress: null } });
  });

  it('numbers a new line after the last one, even for a product that it already has', () => {
    given(created)
      .when(addLamp)
      .then({ eventType: 'ItemAdded', data: { ...twoLamps, line: 2, quantity: 1 } });
  });

  it('numbers the first line of an empty draft 1', () => {
    given({ ...created, data: { ...created.data, items: [], total: 0 } })
      .when(addLamp)
      .then({ eventType: 'ItemAdded', data: { ...twoLamps, quantity: 1 } });
  });

  it('keeps its lines when it gets another one, which raises the total', () => {
    const another = { ...twoLamps, line: 2, quantity: 1 };
    const state = stateAfter(created, { eventType: 'ItemAdded', data: another });
    expect(state).toMatchObject({ status: 'draft', items: [twoLamps, another], total: 8997 });
  });

  it('accepts a line price from an admin and rejects one from anyone else', () => {
    const cheap = { ...addLamp, item: { ...addLamp.item, price: 1 } };
    given(created)
      .when({ ...cheap, setsPrices: true })
      .then({ eventType: 'ItemAdded', data: { line: 2, productId: 'lamp', quantity: 1, price: 1 } });
    given(created).when(cheap).thenRejected('price-changed', 'price');
  });

  it('rejects a product that is unknown or in another currency', () => {
    given(created)
      .when({ ...addLamp, item: { productId: 'sofa', quantity: 1 } })
      .thenRejected('product-not-found', 'productId');
    given(created)
      .when(addLamp, facts({ lamp: { currency: 'EUR' } }))
      .thenRejected('currency-mismatch', 'productId');
  });

  it('rejects a line above the maximum number of lines', () => {
    const items = Array.from({ length: MAX_LINES }, (_, index) => ({ ...twoLamps, line: index + 1 }));
    given({ ...created, data: { ...created.data, items } })
      .when(addLamp)
      .thenRejected('validation-failed', 'productId');
  });

  it('rejects a line that raises the total above its limit', () => {
    const items = [{ ...twoLamps, quantity: 1, price: MAX_AMOUNT - 2998 }];
    given({ ...created, data: { ...created.data, items, total: MAX_AMOUNT - 2998 } })
      .when(addLamp)
      .thenRejected('validation-failed', 'quantity');
  });

  it('can remove a product with all its lines, which reduces the total', () => {
    given(created)
      .when(removeLamp)
      .then({ eventType: 'ItemRemoved', data: { productId: 'lamp' } });
    const state = stateAfter(created, { eventType: 'ItemRemoved', data: { productId: 'lamp' } });
    expect(state).toMatchObject({ items: [], total: 0 });
  });

  it('can remove one of several products', () => {
    const lines = [twoLamps, { line: 2, productId: 'desk', quantity: 1, price: 45_000 }];
    given({ ...created, data: { ...created.data, items: lines, total: 50_998 } })
      .when(removeLamp)
      .then({ eventType: 'ItemRemoved', data: { productId: 'lamp' } });
  });

  it('keeps the lines of other products when one is removed', () => {
    const desk = { line: 2, productId: 'desk', quantity: 1, price: 45_000 };
    const items = [twoLamps, desk, { ...twoLamps, line: 3, price: 2000 }];
    const draft: OrderEvent = { ...created, data: { ...created.data, items, total: 54_998 } };
    const state = stateAfter(draft, { eventType: 'ItemRemoved', data: { productId: 'lamp' } });
    expect(state).toMatchObject({ items: [desk], total: 45_000 });
  });

  it('can change the quantity of one line, which keeps its price', () => {
    given(created)
      .when({ type: 'ChangeQuantity', orderId, line: 1, quantity: 5 })
      .then({ eventType: 'QuantityChanged', data: { line: 1, quantity: 5 } });
    const state = stateAfter(created, { eventType: 'QuantityChanged', data: { line: 1, quantity: 5 } });
    expect(state).toMatchObject({ items: [{ ...twoLamps, quantity: 5 }], total: 14_995 });
  });

  it('cannot get a quantity for which its total would exceed the maximum', () => {
    const dear = { ...twoLamps, quantity: 1, price: 6e14 };
    given({ ...created, data: { ...created.data, items: [dear], total: 6e14 } })
      .when({ type: 'ChangeQuantity', orderId, line: 1, quantity: 2 })
      .thenRejected('validation-failed', 'quantity');
  });

  it('can get a quantity for which its total is below the maximum, whatever the prices of its other lines', () => {
    const dear = { ...twoLamps, quantity: 1, price: 6e14 };
    const cheap = { ...twoLamps, line: 2, price: 1 };
    given({ ...created, data: { ...created.data, items: [dear, cheap], total: 6e14 + 2 } })
      .when({ type: 'ChangeQuantity', orderId, line: 2, quantity: 5 })
      .then({ eventType: 'QuantityChanged', data: { line: 2, quantity: 5 } });
  });

  it('changes and removes only the named one of several lines of a product', () => {
    const more = { ...twoLamps, line: 2, price: 2000 };
    const draft: OrderEvent = { ...created, data: { ...created.data, items: [twoLamps, more], total: 9998 } };
    given(draft)
      .when({ type: 'ChangeQuantity', orderId, line: 2, quantity: 1 })
      .then({ eventType: 'QuantityChanged', data: { line: 2, quantity: 1 } });
    given(draft)
      .when({ type: 'RemoveLine', orderId, line: 1 })
      .then({ eventType: 'LineRemoved', data: { line: 1 } });
    const changed = stateAfter(draft, { eventType: 'QuantityChanged', data: { line: 2, quantity: 1 } });
    expect(changed).toMatchObject({ items: [twoLamps, { ...more, quantity: 1 }], total: 7998 });
    const removed = stateAfter(draft, { eventType: 'LineRemoved', data: { line: 1 } });
    expect(removed).toMatchObject({ items: [more], total: 4000 });
  });

  it.each<[string, OrderEvent]>([
    ['removed by its line', { eventType: 'LineRemoved', data: { line: 2 } }],
    ['removed by its product', { eventType: 'ItemRemoved', data: { productId: 'desk' } }],
  ])('does not give the line of an item again once it is %s', (_how, removed) => {
    const desk = { line: 2, productId: 'desk', quantity: 1, price: 45_000 };
    given(created, { eventType: 'ItemAdded', data: desk }, removed)
      .when(addLamp)
      .then({ eventType: 'ItemAdded', data: { line: 3, productId: 'lamp', quantity: 1, price: 2999 } });
  });

  it('does not give line 1 again once the draft has no lines left', () => {
    given(created, { eventType: 'LineRemoved', data: { line: 1 } })
      .when(addLamp)
      .then({ eventType: 'ItemAdded', data: { line: 2, productId: 'lamp', quantity: 1, price: 2999 } });
  });

  it('can remove one line', () => {
    given(created)
      .when({ type: 'RemoveLine', orderId, line: 1 })
      .then({ eventType: 'LineRemoved', data: { line: 1 } });
  });

  it.each<OrderCommand>([
    { type: 'ChangeQuantity', orderId, line: 2, quantity: 5 },
    { type: 'RemoveLine', orderId, line: 2 },
  ])('rejects $type for a line that it does not have', (command) => {
    given(created).when(command).thenRejected('product-not-found');
  });

  it('cannot remove a product that it does not have', () => {
    given(created)
      .when({ ...removeLamp, productId: 'desk' })
      .thenRejected('product-not-found');
  });
});

describe('an order with the maximum number of changes', () => {
  const often = facts({ version: MAX_CHANGES });

  it.each([addLamp, removeLamp, move])('rejects another $type', (command) => {
    given(created).when(command, often).thenRejected('validation-failed');
  });

  it('can still be submitted', () => {
    given(created).when(submit, often).then(submitted);
  });
});

describe('SubmitOrder', () => {
  it('submits a draft', () => {
    given(created).when(submit).then(submitted);
  });

  it('rejects an order without lines', () => {
    given(created, { eventType: 'ItemRemoved', data: { productId: 'lamp' } })
      .when(submit)
      .thenRejected('empty-order');
  });

  it('rejects an order without an address', () => {
    given({ ...created, data: { ...created.data, shippingAddress: null } })
      .when(submit)
      .thenRejected('validation-failed', 'shippingAddress');
  });

  it('throws when the order has no customer, which only a corrupt database can cause', () => {
    expect(() => given(created).when(submit, { ...facts(), customer: undefined })).toThrow(
      'The customer of order order-1 does not exist.',
    );
  });

  it('checks stock, credit and prices as PlaceOrder does', () => {
    given(created)
      .when(submit, facts({ lamp: { available: 1 } }))
      .thenRejected('insufficient-stock', 'items.0.quantity');
    given(created)
      .when(submit, facts({ customer: { creditUsed: 99_000 } }))
      .thenRejected('credit-limit-exceeded');
    given(created)
      .when(submit, facts({ lamp: { price: 3100 } }))
      .thenRejected('price-changed', 'items.0.price');
  });

  it('keeps the prices of the draft when an admin submits it', () => {
    given(created)
      .when({ ...submit, setsPrices: true }, facts({ lamp: { price: 3100 } }))
      .then(submitted);
  });
});

describe('a discontinued product', () => {
  const gone = facts({ lamp: { discontinued: true } });
  const change = (quantity: number) => ({ type: 'ChangeQuantity' as const, orderId, line: 1, quantity });

  it.each<OrderCommand>([place, { ...place, setsPrices: true }, create])(
    'cannot be ordered by $type, whoever sends it',
    (command) => {
      given().when(command, gone).thenRejected('product-discontinued', 'items.0.productId');
    },
  );

  it('cannot be ordered, even when its price has changed or too few are left', () => {
    const known = facts({ lamp: { discontinued: true, price: 1, available: 0 } });
    const items = [{ productId: 'lamp', quantity: 2, price: 2999 }];
    given()
      .when({ ...place, items }, known)
      .thenRejected('product-discontinued', 'items.0.productId');
  });

  it('cannot be added to a draft', () => {
    given(created).when(addLamp, gone).thenRejected('product-discontinued', 'productId');
  });

  it('cannot become more in a draft, but fewer, and can be removed', () => {
    given(created).when(change(3), gone).thenRejected('product-discontinued', 'quantity');
    given(created)
      .when(change(2), gone)
      .then({ eventType: 'QuantityChanged', data: { line: 1, quantity: 2 } });
    given(created)
      .when(change(1), gone)
      .then({ eventType: 'QuantityChanged', data: { line: 1, quantity: 1 } });
    given(created)
      .when(removeLamp, gone)
      .then({ eventType: 'ItemRemoved', data: { productId: 'lamp' } });
  });

  it.each([false, true])('keeps its draft from being submitted (by an admin: %s)', (setsPrices) => {
    given(created)
      .when({ ...submit, setsPrices }, gone)
      .thenRejected('product-discontinued', 'items.0.productId');
  });

  it('does not stop an order that was submitted before', () => {
    given(placed).when(confirm, gone).then(confirmed);
  });
});

describe('the lifecycle of an order', () => {
  const states = {
    none: [],
    draft: [created],
    submitted: [placed],
    confirmed: [placed, confirmed],
    shipped: [placed, confirmed, shipped],
    delivered: [placed, confirmed, shipped, delivered],
    cancelled: [placed, cancelled],
    refunded: [placed, confirmed, refunded],
  } satisfies Record<OrderState['status'], readonly OrderEvent[]>;

  /** The transitions of the design; everything else is rejected. */
  const transitions: readonly [OrderCommand, readonly OrderState['status'][], OrderState['status'] | 'same'][] = [
    [addLamp, ['draft'], 'same'],
    [removeLamp, ['draft'], 'same'],
    [move, ['draft', 'submitted', 'confirmed'], 'same'],
    [submit, ['draft'], 'submitted'],
    [confirm, ['submitted'], 'confirmed'],
    [ship, ['confirmed'], 'shipped'],
    [deliver, ['shipped'], 'delivered'],
    [cancel, ['draft', 'submitted', 'confirmed'], 'cancelled'],
    [expire, ['submitted'], 'cancelled'],
    [refund, ['confirmed', 'shipped', 'delivered'], 'refunded'],
  ];
  const table = transitions.flatMap(([command, allowed, next]) =>
    Object.entries(states).map(([status, events]) => ({
      command,
      events,
      status,
      allowed: allowed.some((from) => from === status),
      next: next === 'same' ? status : next,
    })),
  );

  it.each(table.filter(({ allowed }) => allowed))(
    'allows $command.type in the status $status; the next status is $next',
    ({ command, events, next }) => {
      const decision = decideOrder(command, stateAfter(...events), facts());
      if (decision.outcome === 'rejected') throw new Error(decision.rejection.message);
      expect(evolveOrder(stateAfter(...events), decision.event).status).toBe(next);
    },
  );

  it.each(table.filter(({ allowed }) => !allowed))(
    'rejects $command.type in the status $status',
    ({ command, events, status }) => {
      const decision = decideOrder(command, stateAfter(...events), facts());
      const code = status === 'none' ? 'order-not-found' : 'invalid-transition';
      expect(decision).toMatchObject({ outcome: 'rejected', rejection: { code } });
      const sentence = decision.outcome === 'rejected' ? decision.rejection.message : '';
      expect(sentence).toContain(status === 'none' ? orderId : ` is ${status}`);
    },
  );

  it.each<{ readonly history: readonly OrderEvent[]; readonly command: OrderCommand; readonly event: OrderEvent }>([
    { history: [placed], command: confirm, event: confirmed },
    { history: [placed, confirmed], command: ship, event: shipped },
    { history: [placed, confirmed, shipped], command: deliver, event: delivered },
    { history: [placed], command: cancel, event: cancelled },
    { history: [placed], command: expire, event: expired },
    { history: [placed, confirmed], command: refund, event: refunded },
    {
      history: [placed],
      command: move,
      event: { eventType: 'ShippingAddressChanged', data: { shippingAddress: move.shippingAddress } },
    },
  ])('records the data of $command.type in $event.eventType', ({ history, command, event }) => {
    given(...history)
      .when(command)
      .then(event);
  });

  it.each([
    ['nothing for a draft', [created], { stock: new Map(), credit: 0 }],
    ['stock and credit for a submitted order', [placed], { stock: new Map([['lamp', 2]]), credit: 5998 }],
    [
      'stock and credit for a shipped order',
      [placed, confirmed, shipped],
      { stock: new Map([['lamp', 2]]), credit: 5998 },
    ],
    [
      'stock alone for a delivered order',
      [placed, confirmed, shipped, delivered],
      { stock: new Map([['lamp', 2]]), credit: 0 },
    ],
    ['stock alone for a refunded order', [placed, confirmed, refunded], { stock: new Map([['lamp', 2]]), credit: 0 }],
    ['nothing for a cancelled order', [placed, cancelled], { stock: new Map(), credit: 0 }],
    ['nothing for an expired order', [placed, expired], { stock: new Map(), credit: 0 }],
  ])('reserves %s', (_name, events, reservations) => {
    expect(reservationsOf(stateAfter(...events))).toEqual(reservations);
  });

  it('keeps the tracking of a refunded order', () => {
    expect(stateAfter(placed, confirmed, shipped, delivered, refunded)).toMatchObject({
      status: 'refunded',
      tracking: { carrier: 'UPS', trackingNumber: '1Z', shippedAt, deliveredAt },
    });
  });

  it('cannot be submitted without an address, which only a corrupt log can cause', () => {
    const withoutAddress = { ...created, data: { ...created.data, shippingAddress: null } };
    expect(() => stateAfter(withoutAddress, submitted)).toThrow('The log submits an order without an address.');
  });

  it('cannot start with OrderShipped', () => {
    expect(() => stateAfter(shipped)).toThrow('OrderShipped for an order in status none');
  });
});

describe('an order of an erased customer', () => {
  const withErasedCustomer = facts({ customer: { erased: true } });
  const create: OrderCommand = { ...place, type: 'CreateOrder', shippingAddress: null, maxOpenDrafts: 3 };
  const add: OrderCommand = { type: 'AddItem', orderId, item: { productId: 'lamp', quantity: 1 }, setsPrices: false };
  const remove: OrderCommand = { type: 'RemoveItem', orderId, productId: 'lamp' };
  const submitted: OrderCommand = { type: 'SubmitOrder', orderId, placedAt, setsPrices: false };
  const moved: OrderCommand = { type: 'ChangeShippingAddress', orderId, shippingAddress: address };
  const draft = { ...created, data: { ...created.data, shippingAddress: address } };

  it.each<[string, OrderCommand, readonly OrderEvent[]]>([
    ['cannot be placed', place, []],
    ['cannot be created', create, []],
    ['cannot get another line', add, [draft]],
    ['cannot lose a line', remove, [draft]],
    ['cannot be submitted', submitted, [draft]],
    ['cannot change its address as a draft', moved, [draft]],
    ['cannot change its address once it is placed', moved, [placed]],
  ])('%s', (_what, command, events) => {
    given(...events)
      .when(command, withErasedCustomer)
      .thenRejected('customer-not-found');
  });

  it.each<[string, OrderCommand, readonly OrderEvent[]]>([
    ['confirmed', { type: 'ConfirmOrder', orderId, confirmedAt }, [placed]],
    ['shipped', { type: 'ShipOrder', orderId, carrier: 'UPS', trackingNumber: '1Z', shippedAt }, [placed, confirmed]],
    ['delivered', { type: 'DeliverOrder', orderId, deliveredAt }, [placed, confirmed, shipped]],
    ['cancelled as a draft', { type: 'CancelOrder', orderId, reason: 'erased' }, [draft]],
    ['cancelled', { type: 'CancelOrder', orderId, reason: 'erased' }, [placed]],
    ['refunded', { type: 'RefundOrder', orderId, reason: 'erased' }, [placed, confirmed]],
  ])('can still be %s', (_what, command, events) => {
    expect(decideOrder(command, stateAfter(...events), withErasedCustomer).outcome).toBe('accepted');
  });

  it('is not found when it does not exist, as for any customer', () => {
    given().when(add, withErasedCustomer).thenRejected('order-not-found');
  });
});
