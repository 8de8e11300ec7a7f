import { beforeAll, describe, expect } from 'vitest';
import { ORDER_STATUSES, type OrderStatus } from '../../src/shared/events/order-events.ts';
import {
  addItem,
  castOrder,
  expectAccepted,
  heldOf,
  NEW_ADDRESS,
  type OrderCast,
  orderIn,
  put,
  type SendStep,
  STEPS,
  STOCK,
  type StepName,
  TRACKING,
} from '../support/shop/order-steps.ts';
import { ADDRESS, type ApiResponse, customerAndProduct, eventually, uniqueId } from '../support/system/api-client.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

let system: TestSystem;
it.beforeAll(({ shared }) => {
  system = shared;
});

interface Step {
  readonly send: SendStep;
  readonly eventType: string;
  readonly status: OrderStatus;
  /** Lines as [line, product, quantity]. */
  readonly lines: readonly (readonly [number, 'lamp' | 'desk', number])[];
  readonly total: number;
  readonly held: { readonly lamps: number; readonly desks: number; readonly creditUsed: number };
}

const NOTHING_HELD = { lamps: STOCK, desks: STOCK, creditUsed: 0 };
const HELD = { lamps: STOCK, desks: STOCK - 2, creditUsed: 9000 };
const SETTLED = { ...HELD, creditUsed: 0 };
const desks: Pick<Step, 'lines' | 'total'> = { lines: [[3, 'desk', 2]], total: 90 };
const draft = { status: 'draft' as const, held: NOTHING_HELD };

const LIFE: readonly Step[] = [
  { send: STEPS.CreateOrder, eventType: 'OrderCreated', ...draft, lines: [], total: 0 },
  { send: addItem('lamp', 2), eventType: 'ItemAdded', ...draft, lines: [[1, 'lamp', 2]], total: 59.98 },
  {
    send: addItem('lamp', 1),
    eventType: 'ItemAdded',
    ...draft,
    lines: [
      [1, 'lamp', 2],
      [2, 'lamp', 1],
    ],
    total: 89.97,
  },
  {
    send: addItem('desk', 2),
    eventType: 'ItemAdded',
    ...draft,
    lines: [
      [1, 'lamp', 2],
      [2, 'lamp', 1],
      [3, 'desk', 2],
    ],
    total: 179.97,
  },
  {
    send: STEPS.ChangeQuantity,
    eventType: 'QuantityChanged',
    ...draft,
    lines: [
      [1, 'lamp', 3],
      [2, 'lamp', 1],
      [3, 'desk', 2],
    ],
    total: 209.96,
  },
  {
    send: STEPS.RemoveLine,
    eventType: 'LineRemoved',
    ...draft,
    lines: [
      [1, 'lamp', 3],
      [3, 'desk', 2],
    ],
    total: 179.97,
  },
  { send: STEPS.RemoveItem, eventType: 'ItemRemoved', ...draft, ...desks },
  { send: STEPS.ChangeShippingAddress, eventType: 'ShippingAddressChanged', ...draft, ...desks },
  { send: STEPS.SubmitOrder, eventType: 'OrderSubmitted', status: 'submitted', ...desks, held: HELD },
  { send: STEPS.ConfirmOrder, eventType: 'OrderConfirmed', status: 'confirmed', ...desks, held: HELD },
  { send: STEPS.ShipOrder, eventType: 'OrderShipped', status: 'shipped', ...desks, held: HELD },
  { send: STEPS.DeliverOrder, eventType: 'OrderDelivered', status: 'delivered', ...desks, held: SETTLED },
  { send: STEPS.RefundOrder, eventType: 'OrderRefunded', status: 'refunded', ...desks, held: SETTLED },
];

/** The index of the step that produces an event. */
const stepOf = (event: string) => LIFE.findIndex(({ eventType }) => eventType === event);

describe('the life cycle of an order', () => {
  /** The response, the order page and the reservations at each step of one order. */
  const seen: { readonly answer: ApiResponse; readonly order: ApiResponse; readonly held: unknown }[] = [];
  let cast: OrderCast;

  beforeAll(async () => {
    cast = await castOrder(system);
    for (const [index, { send }] of LIFE.entries()) {
      const answer = await send(cast);
      const held = heldOf(system, cast);
      const path = `/orders/${cast.orderId}?minVersion=${index + 1}&include=history,tracking`;
      const order = await eventually(
        () => cast.customer.get(path),
        ({ status }) => status === 200,
      );
      seen.push({ answer, order, held });
    }
  });

  it('returns the new version, the location, the status and the total of the order at each step', () => {
    const { orderId } = cast;
    const answers = seen.map(({ answer: { status, body, headers } }) => [
      status,
      { ...body, commandId: 'any' },
      headers.get('etag'),
      headers.get('location'),
    ]);
    expect(answers).toEqual(
      LIFE.map(({ status, total }, index) => [
        202,
        {
          commandId: 'any',
          orderId,
          version: index + 1,
          status: 'accepted',
          estimatedSyncMs: expect.any(Number),
          orderStatus: status,
          total,
        },
        `"${index + 1}"`,
        `/api/orders/${orderId}`,
      ]),
    );
  });

  it('shows the status, lines and total after each step', () => {
    const shown = seen.map(({ order: { body } }) => ({
      status: body.status,
      lines: body.items.map(({ line, productId, quantity }: Record<string, unknown>) => [line, productId, quantity]),
      total: body.total,
      version: body.version,
    }));
    expect(shown).toEqual(
      LIFE.map(({ status, lines, total }, index) => ({
        status,
        lines: lines.map(([line, product, quantity]) => [line, cast[product], quantity]),
        total,
        version: index + 1,
      })),
    );
  });

  it('adds one entry to the history at each step', () => {
    const histories = seen.map(({ order }) =>
      order.body.history.map(({ eventType }: Record<string, unknown>) => eventType),
    );
    const eventTypes = LIFE.map(({ eventType }) => eventType);
    expect(histories).toEqual(LIFE.map((_, index) => eventTypes.slice(0, index + 1)));
  });

  it('reserves stock and credit when the order is submitted, and settles the credit when it is delivered', () => {
    expect(seen.map(({ held }) => held)).toEqual(LIFE.map(({ held }) => held));
  });

  it('shows no address and no date until they are set', () => {
    const known = seen.map(({ order: { body } }) => [body.shippingAddress, typeof body.placedAt]);
    const hasAddress = stepOf('ShippingAddressChanged');
    const isPlaced = stepOf('OrderSubmitted');
    expect(known).toEqual(
      LIFE.map((_, index) => [index < hasAddress ? null : NEW_ADDRESS, index < isPlaced ? 'object' : 'string']),
    );
  });

  it('shows the tracking once the order is shipped', () => {
    const trackings = seen.map(({ order }) => order.body.tracking);
    const isShipped = stepOf('OrderShipped');
    expect(trackings.slice(0, isShipped)).toEqual(Array(isShipped).fill(undefined));
    const [shipped, delivered, refunded] = trackings.slice(isShipped);
    expect(shipped).toEqual({ ...TRACKING, shippedAt: seen[isShipped]?.order.body.lastUpdated });
    expect(delivered).toEqual({ ...shipped, deliveredAt: seen[isShipped + 1]?.order.body.lastUpdated });
    expect(refunded).toEqual(delivered);
  });
});

describe('CancelOrder', () => {
  it.each<OrderStatus>(['draft', 'submitted', 'confirmed'])(
    'releases the stock and credit of an order with the status %s',
    async (from) => {
      const cast = await orderIn(system, from);
      await expectAccepted(STEPS.CancelOrder(cast));
      const { body } = await cast.customer.get(`/orders/${cast.orderId}/current`);
      expect([body.status, heldOf(system, cast)]).toEqual(['cancelled', NOTHING_HELD]);
    },
  );

  it('frees credit for an order that exceeded the limit before', async () => {
    const cast = await orderIn(system, 'submitted');
    const { admin, customer, customerId, lamp } = cast;
    await expectAccepted(put(admin, `/customers/${customerId}/credit-limit`, { creditLimit: 59.98 }));
    const place = () =>
      customer.post('/orders', { customerId, items: [{ productId: lamp, quantity: 1 }], shippingAddress: ADDRESS });
    expect((await place()).body.code).toBe('credit-limit-exceeded');
    await expectAccepted(STEPS.CancelOrder(cast));
    expect((await place()).status).toBe(202);
  });
});

describe('a command that the order’s status does not allow', () => {
  /** The commands that the contract allows in each status. */
  const ALLOWED: Readonly<Record<OrderStatus, readonly StepName[]>> = {
    draft: [
      'AddItem',
      'RemoveItem',
      'ChangeQuantity',
      'RemoveLine',
      'ChangeShippingAddress',
      'SubmitOrder',
      'CancelOrder',
    ],
    submitted: ['ChangeShippingAddress', 'ConfirmOrder', 'CancelOrder'],
    confirmed: ['ChangeShippingAddress', 'ShipOrder', 'CancelOrder', 'RefundOrder'],
    shipped: ['DeliverOrder', 'RefundOrder'],
    delivered: ['RefundOrder'],
    cancelled: [],
    refunded: [],
  };

  it.each(ORDER_STATUSES)('returns 409 and names the status %s', async (status) => {
    const cast = await orderIn(system, status);
    const rejected = Object.entries(STEPS).filter(
      ([name]) => name !== 'CreateOrder' && !ALLOWED[status].some((allowed) => allowed === name),
    );
    // An admin takes the place of the warehouse, which sees no order before its confirmation.
    const answers = await Promise.all(rejected.map(([, send]) => send({ ...cast, warehouse: cast.admin })));
    expect(answers.map(({ status: code, body }) => [code, body.code, body.detail])).toEqual(
      rejected.map(([name]) => [
        409,
        'invalid-transition',
        expect.stringMatching(new RegExp(`is ${status}; ${name} is possible only while it is `)),
      ]),
    );
  });
});

describe('another customer’s order', () => {
  const CUSTOMER_COMMANDS: readonly StepName[] = [
    'AddItem',
    'RemoveItem',
    'ChangeQuantity',
    'RemoveLine',
    'ChangeShippingAddress',
    'SubmitOrder',
    'CancelOrder',
  ];
  const STAFF_COMMANDS: readonly StepName[] = ['ConfirmOrder', 'ShipOrder', 'DeliverOrder', 'RefundOrder'];

  it.each(CUSTOMER_COMMANDS)('returns 404 for %s from a customer who also has the role warehouse', async (name) => {
    const cast = await orderIn(system, 'draft');
    const { status, body } = await STEPS[name](cast, system.as(['customer', 'warehouse'], uniqueId('stranger')));
    expect([status, body.code]).toEqual([404, 'order-not-found']);
  });

  it.each<[StepName, OrderStatus]>([
    ['ShipOrder', 'draft'],
    ['ShipOrder', 'submitted'],
    ['DeliverOrder', 'cancelled'],
  ])('returns 404 for %s from the warehouse while it is %s and was never confirmed', async (name, status) => {
    const cast = await orderIn(system, status);
    const answer = await STEPS[name](cast);
    expect([answer.status, answer.body.code]).toEqual([404, 'order-not-found']);
  });

  it.each(CUSTOMER_COMMANDS)('returns the same 404 for %s as an order that does not exist', async (name) => {
    const cast = await orderIn(system, 'draft');
    const stranger = system.as('customer', uniqueId('stranger'));
    const others = await STEPS[name](cast, stranger);
    const missing = await STEPS[name]({ ...cast, orderId: 'missing' }, stranger);
    expect([others.status, others.body.code]).toEqual([404, 'order-not-found']);
    expect(others.body.detail.replace(cast.orderId, 'missing')).toBe(missing.body.detail);
  });

  it.each(STAFF_COMMANDS)('is forbidden for %s, just as the customer’s own order', async (name) => {
    const cast = await orderIn(system, 'draft');
    for (const customer of [cast.customer, system.as('customer', uniqueId('stranger'))]) {
      expect((await STEPS[name](cast, customer)).body.code).toBe('forbidden');
    }
  });
});

describe('a command without data', () => {
  it.each<[string, OrderStatus]>([
    ['submit', 'draft'],
    ['confirm', 'submitted'],
    ['deliver', 'shipped'],
  ])('accepts an empty object and rejects any field: %s', async (step, from) => {
    const { admin, orderId } = await orderIn(system, from);
    const rejected = await admin.post(`/orders/${orderId}/${step}`, { note: 'x' });
    expect([rejected.status, rejected.body.code, rejected.body.errors[0].path]).toEqual([
      400,
      'validation-failed',
      'note',
    ]);
    const accepted = await admin.post(`/orders/${orderId}/${step}`, {});
    expect(accepted.status).toBe(202);
  });
});

describe('the commands on customers and products', () => {
  it('let a customer change their own contact data', async () => {
    const { customer, customerId } = await castOrder(system);
    const { status, body, headers } = await put(customer, `/customers/${customerId}/contact`, { phone: '+1 555 0100' });
    expect([status, body.customerId, body.version, headers.get('etag'), headers.get('location')]).toEqual([
      202,
      customerId,
      2,
      '"2"',
      `/api/customers/${customerId}`,
    ]);
  });

  it('do not let a customer change another customer’s contact data', async () => {
    const { customerId } = await castOrder(system);
    const stranger = system.as('customer', uniqueId('stranger'));
    const { status, body } = await put(stranger, `/customers/${customerId}/contact`, { phone: null });
    expect([status, body.code]).toEqual([404, 'customer-not-found']);
  });

  it('reject a credit limit below the credit that is used', async () => {
    const { admin, customerId } = await orderIn(system, 'submitted');
    const { status, body } = await put(admin, `/customers/${customerId}/credit-limit`, { creditLimit: 59.97 });
    expect([status, body.code, body.errors[0].path]).toEqual([422, 'credit-limit-exceeded', 'creditLimit']);
  });

  it('reject a stock adjustment that would leave a negative stock', async () => {
    const { warehouse, desk } = await castOrder(system);
    const path = `/products/${desk}/stock`;
    const rejected = await warehouse.post(path, { delta: -STOCK - 1, reason: 'stocktaking' });
    expect([rejected.status, rejected.body.code, rejected.body.errors[0].path]).toEqual([
      422,
      'insufficient-stock',
      'delta',
    ]);
  });

  it('make added stock available to orders', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'), { stock: 0 });
    const place = () =>
      system
        .as('customer', customerId)
        .post('/orders', { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS });
    expect((await place()).body.code).toBe('insufficient-stock');
    await expectAccepted(system.as('warehouse').post(`/products/${productId}/stock`, { delta: 1, reason: 'delivery' }));
    expect((await place()).status).toBe(202);
  });

  it('make orders accept the changed price', async () => {
    const { admin, customer, customerId, desk } = await castOrder(system);
    await expectAccepted(put(admin, `/products/${desk}/price`, { price: 39.5 }));
    const items = [{ productId: desk, quantity: 1, price: 39.5 }];
    const { status } = await customer.post('/orders', { customerId, items, shippingAddress: ADDRESS });
    expect(status).toBe(202);
  });
});
