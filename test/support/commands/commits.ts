import { createHash, randomUUID } from 'node:crypto';
import type {
  CommandCommit,
  CommandResult,
  OrderItemRow,
  OrderRow,
} from '../../../src/commands/write-store/write-store.ts';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import type { Address } from '../../../src/shared/events/order-events.ts';
import { unencrypted } from '../events/personal-data.ts';

/** Literal commits in the shape in which commands make them. Defaults have no effect on a test. */

export const ADDRESS: Address = { street: '1 Main St', city: 'Springfield', state: 'IL', zip: '62701', country: 'US' };
export const AT = '2026-03-01T12:34:56.789Z';

/** A unique id. */
export function newId(prefix: string): string {
  return `${prefix}-${randomUUID()}`;
}

export interface CustomerFields {
  readonly customerId: string;
  readonly name?: string;
  readonly phone?: string | null;
  readonly creditLimit?: number;
  readonly erasureRequestedBy?: string | null;
  readonly version?: number;
}

/** The commit of RegisterCustomer; with a version above 1, a change of the customer. */
export function customerCommit(fields: CustomerFields): CommandCommit {
  const { customerId, name = 'Ada Lovelace', phone = null, creditLimit = 1_000_000, version = 1 } = fields;
  const { erasureRequestedBy = null } = fields;
  const customer = { customerId, name, email: 'ada@example.com', phone, currency: 'USD', creditLimit };
  return {
    command: commandRecord('RegisterCustomer', { aggregateType: 'Customer', aggregateId: customerId, version }),
    events: [
      unencrypted({
        ...envelopeHead(customerId, version),
        eventType: 'CustomerRegistered',
        schemaVersion: 1,
        aggregateType: 'Customer',
        data: customer,
        customer,
      }),
    ],
    customer: { ...customer, erasureRequestedBy, version },
    stock: [],
  };
}

export interface ProductFields {
  readonly productId: string;
  readonly name?: string;
  readonly price?: number;
  readonly stock?: number;
  readonly discontinued?: boolean;
  readonly version?: number;
}

/** The commit of AddProduct; with a version above 1, a change of the product. */
export function productCommit(fields: ProductFields): CommandCommit {
  const { productId, name = 'Teapot', price = 2_999, stock = 0, version = 1, discontinued = false } = fields;
  const product = { productId, name, price, currency: 'USD' };
  return {
    command: commandRecord('AddProduct', { aggregateType: 'Product', aggregateId: productId, version }),
    events: [
      unencrypted({
        ...envelopeHead(productId, version),
        eventType: 'ProductAdded',
        schemaVersion: 1,
        aggregateType: 'Product',
        data: { ...product, stock },
        product,
      }),
    ],
    product: { ...product, discontinued, version },
    stock: stock === 0 ? [] : [{ productId, delta: stock }],
  };
}

export interface OrderFields {
  readonly orderId: string;
  readonly customerId: string;
  /** Product and quantity of each line; the price is 100. */
  readonly lines?: readonly (readonly [productId: string, quantity: number])[];
  /** Columns of the row that the test sets. */
  readonly row?: Partial<OrderRow>;
  readonly address?: Address;
  readonly total?: number;
  /** Version of the order after the commit, which has one event per version after `from`. */
  readonly version?: number;
  readonly from?: number;
}

/** The rows and events of PlaceOrder, without changes of stock and credit. */
export function orderCommit(fields: OrderFields): CommandCommit {
  const { orderId, customerId, lines = [], row, address = ADDRESS, version = 1 } = fields;
  const { from = version - 1 } = fields;
  const items = lines.map(([productId, quantity], index) => ({ line: index + 1, productId, quantity, price: 100 }));
  const { total = items.reduce((sum, { quantity, price }) => sum + quantity * price, 0) } = fields;
  const order: OrderRow = {
    orderId,
    customerId,
    status: 'submitted',
    currency: 'USD',
    total,
    shippingAddress: address,
    placedAt: AT,
    confirmedAt: null,
    tracking: null,
    version,
    items,
    lastLine: items.length,
    ...row,
  };
  const events = Array.from({ length: version - from }, (_, index) =>
    unencrypted(orderPlaced(fields, order, from + index + 1)),
  );
  return {
    command: commandRecord('PlaceOrder', { aggregateType: 'Order', aggregateId: orderId, version }),
    events,
    order,
    stock: [],
  };
}

/** The commit of PlaceOrder, which reserves the stock of the lines and the credit for the total. */
export function placeOrderCommit(fields: OrderFields): CommandCommit {
  const commit = orderCommit(fields);
  const { customerId, items = [], total = 0 } = commit.order ?? { customerId: fields.customerId };
  return { ...commit, stock: reservedStock(items), credit: { customerId, delta: total } };
}

/** The commit with another command id. */
export function withCommandId(commit: CommandCommit, commandId: string): CommandCommit {
  const { command } = commit;
  return { ...commit, command: { ...command, commandId, result: { ...command.result, commandId } } };
}

function reservedStock(items: readonly OrderItemRow[]): CommandCommit['stock'] {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of items) quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  return [...quantities]
    .map(([productId, quantity]) => ({ productId, delta: -quantity }))
    .sort((a, b) => (a.productId < b.productId ? -1 : 1));
}

function orderPlaced({ address = ADDRESS }: OrderFields, order: OrderRow, version: number): EventEnvelope {
  const { customerId, currency, items, total, orderId } = order;
  const shippingAddress = address;
  const placedAt = AT;
  return {
    ...envelopeHead(orderId, version),
    eventType: 'OrderPlaced',
    schemaVersion: 2,
    aggregateType: 'Order',
    data: { customerId, currency, items, total, shippingAddress, placedAt },
    order: {
      orderId,
      customerId,
      customerName: 'Ada Lovelace',
      customerEmail: 'ada@example.com',
      customerPhone: null,
      status: 'submitted',
      currency,
      items: items.map((item) => ({ ...item, productName: 'Teapot' })),
      total,
      shippingAddress,
      placedAt,
    },
  };
}

function envelopeHead(aggregateId: string, version: number) {
  return {
    eventId: randomUUID(),
    aggregateId,
    version,
    timestamp: AT,
    correlationId: 'correlation-1',
    causationId: 'command-1',
    metadata: { userId: 'user-1', source: 'test' },
  };
}

function commandRecord(commandType: string, result: Omit<CommandResult, 'commandId'>): CommandCommit['command'] {
  const commandId = randomUUID();
  return {
    commandId,
    commandType,
    payloadHash: createHash('sha256').update(commandId).digest('hex'),
    acceptedAt: AT,
    result: { ...result, commandId },
  };
}
