import { z } from 'zod';
import type { SentCommand } from '../support/commands/command-bus.ts';
import { ADDRESS } from '../support/commands/commits.ts';
import type { Dice } from './kernel/dice.ts';

/** A command, and the client that sends it after its earlier ones. */
export interface ClientCommand {
  readonly client: number;
  readonly command: SentCommand;
  /** A command that is sent at the same time. */
  readonly meanwhile?: SentCommand;
}

export const CLIENTS = 4;
const CUSTOMERS = ['ada', 'bob', 'eve'] as const;
const PRODUCTS = ['lamp', 'desk', 'sofa'] as const;
const ORDERS = ['o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7'] as const;

/** The order that a command is about; undefined for another aggregate. */
export function orderOf({ on, data }: SentCommand): string | undefined {
  const isNew = typeof data === 'object' && data !== null && 'orderId' in data;
  return ORDERS.find((order) => order === (isNew ? data.orderId : on));
}

/** A text that all personal data contains, and nothing else. */
export const PERSONAL = 'Personal';

/** A text that personal data of a customer contains, and nothing else. */
export const personalText = (customerId: string): string => `${PERSONAL}${customerId}`;

const register = (customerId: string, creditLimit: number): SentCommand => {
  const name = personalText(customerId);
  return { type: 'RegisterCustomer', data: { customerId, name, email: `${name}@example.com`, creditLimit } };
};

const addressOf = (customerId: string) => ({ ...ADDRESS, street: `1 ${personalText(customerId)} St` });

/** The first commands of every run: customers and products that all orders share. Bob's credit and the sofas soon run short. */
export const GIVEN: readonly SentCommand[] = [
  register('ada', 5_000),
  register('bob', 150),
  register('eve', 2_000),
  { type: 'AddProduct', data: { productId: 'lamp', name: 'Lamp', price: 29.99, stock: 40 } },
  { type: 'AddProduct', data: { productId: 'desk', name: 'Desk', price: 45, stock: 20 } },
  { type: 'AddProduct', data: { productId: 'sofa', name: 'Sofa', price: 99.5, stock: 3 } },
];

type Make = (dice: Dice, order: string) => SentCommand;

const itemsOf = (dice: Dice) =>
  Array.from({ length: dice.integer('lines', 1, 2) }, () => ({
    productId: dice.pick('product', PRODUCTS),
    quantity: dice.integer('quantity', 1, 2),
  }));
const orderData = (dice: Dice, orderId: string) => {
  const customerId = dice.pick('customer', CUSTOMERS);
  return { orderId, customerId, items: itemsOf(dice), shippingAddress: addressOf(customerId) };
};
const step =
  (type: string, data: object = {}): Make =>
  (_dice, on) => ({ type, on, data });

const place: Make = (dice, order) => ({ type: 'PlaceOrder', data: orderData(dice, order) });
const draft: Make = (dice, order) => ({ type: 'CreateOrder', data: orderData(dice, order) });
const addItem: Make = (dice, on) => ({
  type: 'AddItem',
  on,
  data: { productId: dice.pick('product', PRODUCTS), quantity: 1 },
});

/** What can follow in the life of an order. The first step is taken most often. */
const LIVES: readonly (readonly Make[])[] = [
  [place, step('ConfirmOrder'), step('ShipOrder', { carrier: 'UPS', trackingNumber: '1Z' }), step('DeliverOrder')],
  [place, step('ConfirmOrder'), step('RefundOrder', { reason: 'broken' })],
  [place, step('CancelOrder', { reason: 'changed my mind' })],
  [draft, addItem, step('ChangeQuantity', { line: 1, quantity: 3 }), step('SubmitOrder'), step('ConfirmOrder')],
  [draft, addItem, step('RemoveLine', { line: 1 }), step('ChangeShippingAddress', { ...ADDRESS, street: '9 Pine St' })],
  [place, step('ConfirmOrder'), step('CancelOrder', { reason: 'too late' })],
];

function changeContact(dice: Dice, on: string): SentCommand {
  const name = `${personalText(on)} ${dice.integer('name', 1, 99)}`;
  return { type: 'ChangeCustomerContact', on, data: { name, phone: '+1 555' } };
}

/** Commands that affect many orders, or that meet an order in any state. */
const OTHERS: readonly Make[] = [
  (dice) => ({ type: 'ChangePrice', on: dice.pick('product', PRODUCTS), data: { price: 45 } }),
  (dice) => ({ type: 'RenameProduct', on: dice.pick('product', PRODUCTS), data: { name: 'Another name' } }),
  (dice) => ({
    type: 'AdjustStock',
    on: dice.pick('product', PRODUCTS),
    data: { delta: dice.integer('delta', -3, 6), reason: 'stocktaking' },
  }),
  (dice) => changeContact(dice, dice.pick('customer', CUSTOMERS)),
  (dice) => ({
    type: 'ChangeCreditLimit',
    on: dice.pick('customer', CUSTOMERS),
    data: { creditLimit: dice.pick('limit', [60, 500, 5_000]) },
  }),
  (dice) => ({ type: 'EraseCustomer', on: dice.pick('erased', ['eve', 'bob']) }),
  (dice) => ({
    type: 'DiscontinueProduct',
    on: dice.pick('discontinued', ['sofa', 'desk']),
    data: { reason: 'no longer made' },
  }),
  step('ShipOrder', { carrier: 'DHL', trackingNumber: '7' }),
  step('CancelOrder', { reason: 'changed my mind' }),
  step('ConfirmOrder'),
  addItem,
];

/** Commands that customers may send about their own orders or themselves. */
const OF_CUSTOMERS: ReadonlySet<string> = new Set([
  'PlaceOrder',
  'CreateOrder',
  'AddItem',
  'ChangeQuantity',
  'RemoveLine',
  'ChangeShippingAddress',
  'SubmitOrder',
  'CancelOrder',
  'ChangeCustomerContact',
]);
const OF_WAREHOUSE: ReadonlySet<string> = new Set(['ShipOrder', 'DeliverOrder']);
/** The shares of these commands that the owner sends, and that any customer sends, who is refused unless it is the owner. */
const BY = { owner: 0.5, stranger: 0.05 };

/** The share of the new orders whose customer changes their name at the same time. */
const MEANWHILE = 0.4;

const placed = z.object({ customerId: z.string() });

/** The caller who sends a command. */
function callerOf(
  dice: Dice,
  { type, on, data }: SentCommand,
  owners: Map<string, string>,
  order: string,
): NonNullable<SentCommand['as']> {
  if (OF_WAREHOUSE.has(type)) return 'warehouse';
  if (!OF_CUSTOMERS.has(type)) return 'admin';
  const own = placed.safeParse(data).data?.customerId;
  if (own !== undefined && !owners.has(order)) owners.set(order, own);
  const luck = dice.roll('caller');
  if (luck < BY.stranger) return { customer: dice.pick('stranger', CUSTOMERS) };
  const customer = type === 'ChangeCustomerContact' ? on : (own ?? owners.get(order));
  return luck < BY.stranger + BY.owner && customer !== undefined ? { customer } : 'admin';
}

/** The commands of a run: lives of orders, interleaved with what changes their customers and products. */
export function commandsOf(dice: Dice, count: number): readonly ClientCommand[] {
  const lives = new Map(ORDERS.map((order) => [order, dice.pick('life', LIVES).values()]));
  const owners = new Map<string, string>();
  return Array.from({ length: count }, () => {
    const order = dice.pick('order', ORDERS);
    const next = dice.roll('goes on') < 0.75 ? lives.get(order)?.next().value : undefined;
    const make = next ?? dice.pick('other', OTHERS);
    // Mostly one client per order, so that its steps come in order.
    const client =
      dice.roll('own client') < 0.85 ? ORDERS.indexOf(order) % CLIENTS : dice.integer('client', 0, CLIENTS - 1);
    const command = make(dice, order);
    const sent = { client, command: { ...command, as: callerOf(dice, command, owners, order) } };
    const customer = placed.safeParse(command.data).data?.customerId;
    if (customer === undefined || dice.roll('meanwhile') >= MEANWHILE) return sent;
    return { ...sent, meanwhile: changeContact(dice, customer) };
  });
}
