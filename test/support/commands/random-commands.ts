import fc from 'fast-check';
import type { SentCommand } from './command-bus.ts';

/**
 * Random sequences of valid and invalid commands, on so few customers, products and orders that they affect each other. The
 * rules decide which ones are accepted.
 */

export const CUSTOMERS = ['ada', 'bob', 'eve'] as const;
export const PRODUCTS = ['lamp', 'desk', 'sofa', 'sake'] as const;
export const ORDERS = ['o1', 'o2', 'o3'] as const;

const ADDRESS = { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' };

/** The initial commands. The other customer and the other product exist only once a random command adds them. */
export const GIVEN: readonly SentCommand[] = [
  { type: 'RegisterCustomer', data: { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit: 500 } },
  { type: 'RegisterCustomer', data: { customerId: 'bob', name: 'Bob', email: 'bob@example.com', creditLimit: 90.5 } },
  { type: 'AddProduct', data: { productId: 'lamp', name: 'Desk lamp', price: 29.99, stock: 12 } },
  { type: 'AddProduct', data: { productId: 'desk', name: 'Desk', price: 45, stock: 3 } },
  { type: 'AddProduct', data: { productId: 'sake', name: 'Sake', price: 900, currency: 'JPY', stock: 5 } },
  { type: 'CreateOrder', data: { orderId: 'o1', customerId: 'ada', items: [{ productId: 'lamp', quantity: 1 }] } },
];

/** Mostly the first value, else one of the others. */
const mostly = <Value>(usual: Value, ...others: readonly Value[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, fc.constantFrom(...others));
const rarely = <Value>(value: fc.Arbitrary<Value>) => fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, value);

const customerId = mostly<string>(...CUSTOMERS);
const productId = mostly<string>(...PRODUCTS);
const orderId = fc.constantFrom(...ORDERS);
/** The last one has more decimals than any currency here. */
const price = fc.constantFrom(29.99, 45, 10, 0, 0.001);
/** Mostly small enough for the stock. */
const quantity = fc.oneof({ weight: 19, arbitrary: fc.integer({ min: 1, max: 3 }) }, fc.constantFrom(0, 50));
const data = <Model>(model: { [Key in keyof Model]: fc.Arbitrary<Model[Key]> }) =>
  fc.record(model).map(withoutUndefined);

const item = data({ productId, quantity, price: rarely(price) });
const address = fc
  .constantFrom('123 Main St', '9 Pine St')
  .chain((street) => fc.constantFrom({ ...ADDRESS, street }, { ...ADDRESS, street, country: 'US' }));

type Arbitrary = fc.Arbitrary<SentCommand>;

/** Mostly an admin, who has most rights; otherwise one of the customers or the warehouse. */
const as = fc.oneof(
  { weight: 15, arbitrary: fc.constant('admin' as const) },
  { weight: 4, arbitrary: customerId.map((customer) => ({ customer })) },
  fc.constant('warehouse' as const),
);

const creating = (type: string, parts: Record<string, fc.Arbitrary<unknown>>): Arbitrary =>
  fc.record({ type: fc.constant(type), as, data: data(parts) });
const changing = (type: string, on: fc.Arbitrary<string>, parts: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.record({ type: fc.constant(type), on, as, data: data(parts) });

const order = { orderId, customerId, currency: rarely(fc.constantFrom('JPY', 'XXX')) };
const reason = mostly('changed my mind', '');

/** Each type of command, weighted by frequency. */
const BY_TYPE: readonly (readonly [weight: number, command: Arbitrary])[] = [
  [
    3,
    creating('CreateOrder', {
      ...order,
      items: fc.array(item, { maxLength: 2 }),
      shippingAddress: fc.option(address, { nil: undefined }),
    }),
  ],
  [
    4,
    creating('PlaceOrder', {
      ...order,
      items: fc.array(item, { minLength: 1, maxLength: 3 }),
      shippingAddress: address,
    }),
  ],
  [4, changing('AddItem', orderId, { productId, quantity, price: rarely(price) })],
  [
    1, // a price that differs from the catalogue, from a caller who cannot set prices
    orderId.map((on) => ({
      type: 'AddItem',
      on,
      as: { customer: 'ada' },
      data: { productId: 'lamp', quantity: 1, price: 31.99 },
    })),
  ],
  [2, changing('RemoveItem', orderId, { productId })],
  [2, changing('ChangeQuantity', orderId, { line: fc.integer({ min: 1, max: 4 }), quantity: fc.constantFrom(1, 3) })],
  [1, changing('RemoveLine', orderId, { line: fc.integer({ min: 1, max: 4 }) })],
  [2, fc.record({ type: fc.constant('ChangeShippingAddress'), on: orderId, as, data: address })],
  [2, changing('SubmitOrder', orderId)],
  [2, changing('ConfirmOrder', orderId)],
  [1, changing('ShipOrder', orderId, { carrier: fc.constant('UPS'), trackingNumber: fc.constant('1Z') })],
  [1, changing('DeliverOrder', orderId)],
  [1, changing('CancelOrder', orderId, { reason })],
  [
    1,
    orderId.map((on): SentCommand => ({ type: 'ExpireOrder', on, data: { submittedAt: '2026-01-15T10:30:00.000Z' } })),
  ],
  [1, changing('RefundOrder', orderId, { reason })],
  [
    1,
    creating('RegisterCustomer', {
      customerId,
      name: fc.constant('Eve'),
      email: fc.constant('eve@example.com'),
      creditLimit: fc.constantFrom(200, -1),
    }),
  ],
  [
    1,
    changing('ChangeCustomerContact', customerId, {
      name: rarely(fc.constantFrom('Ada Lovelace', 'Bob II')),
      phone: fc.constantFrom('+1 555', null),
    }),
  ],
  [1, changing('EraseCustomer', mostly<string>('eve', 'bob', 'ada'))],
  [1, changing('ChangeCreditLimit', customerId, { creditLimit: fc.constantFrom(0, 60, 500, 0.001) })],
  [1, creating('AddProduct', { productId, name: fc.constant('Sofa'), price, stock: fc.constantFrom(0, 4, 0.5) })],
  [1, changing('RenameProduct', productId, { name: fc.constantFrom('Sofa II', 'Lamp II', '') })],
  [1, changing('DiscontinueProduct', mostly<string>('sofa', 'lamp', 'desk'), { reason })],
  [1, changing('ChangePrice', productId, { price })],
  [
    1,
    changing('AdjustStock', productId, { delta: fc.integer({ min: -8, max: 8 }), reason: fc.constant('stocktaking') }),
  ],
];

/** The lifecycle of one order from draft to refund, or its first steps. Random commands alone rarely get that far. */
const orderLifecycle: fc.Arbitrary<readonly SentCommand[]> = fc
  .record({ on: orderId, steps: fc.integer({ min: 1, max: 6 }) })
  .map(({ on, steps }) =>
    [
      { type: 'ChangeShippingAddress', on, data: ADDRESS },
      { type: 'SubmitOrder', on },
      { type: 'ConfirmOrder', on },
      { type: 'ShipOrder', on, as: 'warehouse' as const, data: { carrier: 'UPS', trackingNumber: '1Z' } },
      { type: 'DeliverOrder', on, as: 'warehouse' as const },
      { type: 'RefundOrder', on, data: { reason: 'broken' } },
    ].slice(0, steps),
  );

const draft = (id: string, quantity: number): SentCommand => ({
  type: 'CreateOrder',
  data: { orderId: id, customerId: 'ada', items: [{ productId: 'lamp', quantity }] },
});

/** A cart whose first line is changed and then removed. */
const cart: fc.Arbitrary<readonly SentCommand[]> = orderId.map((on) => [
  draft(on, 1),
  { type: 'AddItem', on, data: { productId: 'desk', quantity: 1 } },
  { type: 'ChangeQuantity', on, data: { line: 1, quantity: 2 } },
  { type: 'RemoveLine', on, data: { line: 1 } },
]);

/** An order that nobody confirms, or whose submission exceeds the credit or the stock. */
const unconfirmedOrder: fc.Arbitrary<readonly SentCommand[]> = fc
  .record({ on: orderId, quantity: fc.constantFrom(1, 17, 50) })
  .map(({ on, quantity }) => [
    draft(on, quantity),
    { type: 'ChangeShippingAddress', on, data: ADDRESS },
    ...(quantity === 17 ? [{ type: 'AdjustStock', on: 'lamp', data: { delta: 20, reason: 'delivery' } }] : []),
    { type: 'SubmitOrder', on },
    { type: 'ExpireOrder', on, data: { submittedAt: '2026-01-15T10:30:00.000Z' } },
  ]);

const discontinuation: fc.Arbitrary<readonly SentCommand[]> = orderId.map((on) => [
  { type: 'AddProduct', data: { productId: 'sofa', name: 'Sofa', price: 45, stock: 4 } },
  { type: 'DiscontinueProduct', on: 'sofa', data: { reason: 'no longer made' } },
  { type: 'AddItem', on, data: { productId: 'sofa', quantity: 1 } },
]);

/** Two admins send the erasure, so that it is accepted where it needs a second person. */
const erasure: fc.Arbitrary<readonly SentCommand[]> = fc
  .constantFrom(...CUSTOMERS)
  .map((on) => ['first', 'second'].map((admin) => ({ type: 'EraseCustomer', on, as: { admin } })));

const single = fc
  .oneof(...BY_TYPE.map(([weight, arbitrary]) => ({ weight, arbitrary })))
  .map((command): readonly SentCommand[] => [command]);

/** Random commands, and what they rarely do alone: each kind of outcome occurs some 20 times in 100 sequences. */
const part = fc.oneof(
  { weight: 36, arbitrary: single },
  { weight: 4, arbitrary: orderLifecycle },
  { weight: 3, arbitrary: cart },
  { weight: 3, arbitrary: unconfirmedOrder },
  discontinuation,
  erasure,
);

/** About 35 commands on average. */
export const commandSequences: fc.Arbitrary<readonly SentCommand[]> = fc
  .array(part, { maxLength: 50, size: 'max' })
  .map((parts) => parts.flat());

function withoutUndefined(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
