import type { OrderStatus } from '../../../src/shared/events/order-events.ts';
import { query } from '../commands/write-store-rows.ts';
import { ADDRESS, type ApiClient, type ApiResponse, customerAndProduct, uniqueId } from '../system/api-client.ts';
import type { TestSystem } from '../system/system.ts';

/** A new order with its customer, its products and the clients that act on it. */
export interface OrderCast {
  readonly admin: ApiClient;
  readonly customer: ApiClient;
  readonly warehouse: ApiClient;
  readonly orderId: string;
  readonly customerId: string;
  /** 29.99 each. Its id must be encoded in a URL. */
  readonly lamp: string;
  /** 45 each. */
  readonly desk: string;
}

export const STOCK = 10;
export const CREDIT_LIMIT = 1000;
export const TRACKING = { carrier: 'UPS', trackingNumber: '1Z999AA10123456784' };
export const NEW_ADDRESS = { ...ADDRESS, street: '9 Pine St', country: 'US' };

/** Registers a new customer and adds two new products for one order. */
export async function castOrder(system: TestSystem): Promise<OrderCast> {
  const admin = system.as('admin');
  const { customerId, productId: desk } = await customerAndProduct(admin, {
    creditLimit: CREDIT_LIMIT,
    price: 45,
    stock: STOCK,
  });
  const lamp = uniqueId('Lampe "Größe" 50% a b?');
  await expectAccepted(admin.post('/products', { productId: lamp, name: 'Desk lamp', price: 29.99, stock: STOCK }));
  const customer = system.as('customer', customerId);
  return { admin, customer, warehouse: system.as('warehouse'), orderId: uniqueId('order'), customerId, lamp, desk };
}

export type StepName =
  | 'CreateOrder'
  | 'AddItem'
  | 'RemoveItem'
  | 'ChangeQuantity'
  | 'RemoveLine'
  | 'ChangeShippingAddress'
  | 'SubmitOrder'
  | 'ConfirmOrder'
  | 'ShipOrder'
  | 'DeliverOrder'
  | 'CancelOrder'
  | 'RefundOrder';

/** Sends one command on the order, by default as its customer, or as an admin or the warehouse where the customer has no right to. */
export type SendStep = (cast: OrderCast, by?: ApiClient) => Promise<ApiResponse>;

const post = (client: ApiClient, { orderId }: OrderCast, step: string, body?: object) => {
  const path = `/orders/${orderId}/${step}`;
  return body === undefined ? client.send('POST', path, {}) : client.post(path, body);
};

export const addItem =
  (product: 'lamp' | 'desk', quantity: number): SendStep =>
  (cast, by = cast.customer) =>
    post(by, cast, 'items', { productId: cast[product], quantity });

/** Every command on an order by its name. Commands without data have no body. */
export const STEPS: Readonly<Record<StepName, SendStep>> = {
  CreateOrder: ({ customer, orderId, customerId }, by = customer) => by.post('/orders/drafts', { orderId, customerId }),
  AddItem: addItem('lamp', 2),
  RemoveItem: ({ customer, orderId, lamp }, by = customer) =>
    by.send('DELETE', `/orders/${orderId}/items/${encodeURIComponent(lamp)}`, {}),
  ChangeQuantity: ({ customer, orderId }, by = customer) => put(by, `/orders/${orderId}/lines/1`, { quantity: 3 }),
  RemoveLine: ({ customer, orderId }, by = customer) => by.send('DELETE', `/orders/${orderId}/lines/2`, {}),
  ChangeShippingAddress: ({ customer, orderId }, by = customer) =>
    put(by, `/orders/${orderId}/shipping-address`, NEW_ADDRESS),
  SubmitOrder: (cast, by = cast.customer) => post(by, cast, 'submit'),
  ConfirmOrder: (cast, by = cast.admin) => post(by, cast, 'confirm'),
  ShipOrder: (cast, by = cast.warehouse) => post(by, cast, 'ship', TRACKING),
  DeliverOrder: (cast, by = cast.warehouse) => post(by, cast, 'deliver'),
  CancelOrder: (cast, by = cast.customer) => post(by, cast, 'cancel', { reason: 'changed my mind' }),
  RefundOrder: (cast, by = cast.admin) => post(by, cast, 'refund', { reason: 'broken' }),
};

export function put(client: ApiClient, path: string, body: object): Promise<ApiResponse> {
  const headers = { 'content-type': 'application/json' };
  return client.send('PUT', path, { body: JSON.stringify(body), headers });
}

/** The shortest sequence of commands to each status. From its submission, the order reserves two lamps. */
const TO_DRAFT: readonly StepName[] = ['CreateOrder', 'AddItem', 'ChangeShippingAddress'];
const TO_CONFIRMED: readonly StepName[] = [...TO_DRAFT, 'SubmitOrder', 'ConfirmOrder'];
const STEPS_TO: Readonly<Record<OrderStatus, readonly StepName[]>> = {
  draft: TO_DRAFT,
  submitted: [...TO_DRAFT, 'SubmitOrder'],
  confirmed: TO_CONFIRMED,
  shipped: [...TO_CONFIRMED, 'ShipOrder'],
  delivered: [...TO_CONFIRMED, 'ShipOrder', 'DeliverOrder'],
  cancelled: [...TO_DRAFT, 'CancelOrder'],
  refunded: [...TO_CONFIRMED, 'RefundOrder'],
};

/** Creates a new order of two lamps and takes it to a status. */
export async function orderIn(system: TestSystem, status: OrderStatus): Promise<OrderCast> {
  const cast = await castOrder(system);
  for (const step of STEPS_TO[status]) await expectAccepted(STEPS[step](cast));
  return cast;
}

export async function expectAccepted(answer: Promise<ApiResponse>): Promise<ApiResponse> {
  const response = await answer;
  if (response.status === 202) return response;
  throw new Error(`Not accepted: ${JSON.stringify(response.body)}`);
}

/** The available units of both products and the credit in use (cents), from the tables. */
export function heldOf({ writeStore }: TestSystem, { lamp, desk, customerId }: OrderCast) {
  const products = new Map(
    query(writeStore, 'SELECT ProductId, Available FROM Products').map((row) => [row.ProductId, row.Available]),
  );
  const customers = new Map(
    query(writeStore, 'SELECT CustomerId, CreditUsed FROM Customers').map((row) => [row.CustomerId, row.CreditUsed]),
  );
  return { lamps: products.get(lamp), desks: products.get(desk), creditUsed: customers.get(customerId) };
}
