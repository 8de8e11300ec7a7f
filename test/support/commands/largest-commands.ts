import type { SentCommand } from './command-bus.ts';

/** Texts of an exact length in UTF-16 code units. */
export type TextOf = (units: number) => string;

const LINES = 500;

/** Distinct texts of three bytes in UTF-8 and one code unit each. */
const ideograph = (index: number) => String.fromCharCode(0x4e00 + index);

/**
 * Commands of every type, each with the longest values that the API accepts, in an order in which all of them are accepted. The orders
 * have the maximum lines and the largest total. The last two erase the customer, also where that needs a second person.
 * @param textOf makes the texts
 */
export function largestCommands(textOf: TextOf): readonly SentCommand[] {
  const id = (index: number) => `${textOf(63)}${ideograph(index)}`;
  const [text, customerId, draft, placed, unconfirmed] = [textOf(200), id(0), id(1), id(2), id(3)];
  const address = { street: text, city: text, state: text, zip: text, country: text };
  const label = ideograph(0).repeat(63);
  const email = `${label}x@${label}.${label}.${ideograph(0).repeat(60)}x`;
  const customer = { name: text, email, phone: text };
  const amount = 10_000_000_000_000;
  // 500 lines of 100,000 units at this price are the largest total, 10^15 cents.
  const price = 200_000;
  const items = Array.from({ length: LINES }, (_, index) => ({ productId: id(index), quantity: 100_000, price }));
  const products = items.map(({ productId }): SentCommand => {
    return { type: 'AddProduct', data: { productId, name: text, price, stock: 1_000_000_000 } };
  });
  const [item] = items.slice(-1);
  const onDraft = (type: string, data: unknown = {}): SentCommand => ({ type, on: draft, data });
  return [
    { type: 'RegisterCustomer', data: { customerId, ...customer, creditLimit: amount } },
    ...products,
    { type: 'CreateOrder', data: { orderId: draft, customerId, items, shippingAddress: address } },
    onDraft('RemoveLine', { line: LINES }),
    onDraft('AddItem', item),
    onDraft('ChangeQuantity', { line: LINES + 1, quantity: 100_000 }),
    onDraft('RemoveItem', { productId: item?.productId }),
    onDraft('AddItem', item),
    onDraft('ChangeShippingAddress', address),
    onDraft('SubmitOrder'),
    onDraft('ConfirmOrder'),
    onDraft('ShipOrder', { carrier: text, trackingNumber: text }),
    onDraft('DeliverOrder'),
    onDraft('RefundOrder', { reason: text }),
    { type: 'PlaceOrder', data: { orderId: placed, customerId, items, shippingAddress: address } },
    { type: 'CancelOrder', on: placed, data: { reason: text } },
    { type: 'PlaceOrder', data: { orderId: unconfirmed, customerId, items, shippingAddress: address } },
    { type: 'ExpireOrder', on: unconfirmed, data: { submittedAt: '2026-01-15T10:30:00.000Z' } },
    { type: 'RenameProduct', on: id(0), data: { name: text } },
    { type: 'DiscontinueProduct', on: id(0), data: { reason: text } },
    { type: 'ChangePrice', on: id(0), data: { price: amount } },
    { type: 'AdjustStock', on: id(0), data: { delta: -1, reason: text } },
    { type: 'ChangeCreditLimit', on: customerId, data: { creditLimit: amount } },
    { type: 'ChangeCustomerContact', on: customerId, data: customer },
    { type: 'EraseCustomer', on: customerId, as: { admin: 'first' } },
    { type: 'EraseCustomer', on: customerId, as: { admin: 'second' } },
  ];
}
