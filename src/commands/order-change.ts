import type { OrderSnapshot } from '../shared/events/order-events.ts';
import type { PreparedCommand } from './bus/command.ts';
import {
  decideOrder,
  type ExistingOrder,
  evolveOrder,
  initialOrder,
  type OrderCommand,
  type OrderState,
  reservationsOf,
} from './domain/order.ts';
import type { CommandCommit, CustomerRow, OrderRow, ProductRow } from './write-store/write-store.ts';

/** Prepares any command on an order: which rows it reads, and the decision as one change of rows with its event. */
export function prepareOrderCommand(
  command: OrderCommand,
  reads: Omit<PreparedCommand['reads'], 'orderId'>,
): PreparedCommand {
  const { orderId } = command;
  return {
    aggregateType: 'Order',
    aggregateId: orderId,
    reads: { orderId, ...reads },
    decide: ({ customer, order, products: productRows }) => {
      const products = new Map(productRows.map((product) => [product.productId, product]));
      const before = toState(order);
      const decision = decideOrder(command, before, { customer, products });
      if (decision.outcome === 'rejected') return decision;
      if (customer === undefined) throw new Error(`Order ${orderId} was accepted without its customer.`);
      const after = evolveOrder(before, decision.event);
      const snapshot = toSnapshot(orderId, after, customer, products);
      return {
        outcome: 'accepted',
        change: {
          event: { ...decision.event, schemaVersion: 1, aggregateType: 'Order', order: snapshot },
          order: { ...after, orderId, version: (order?.version ?? 0) + 1 },
          ...reservationChange(before, after, customer),
        },
      };
    },
  };
}

function toState(row: OrderRow | undefined): OrderState {
  if (row === undefined) return initialOrder;
  const { status } = row;
  if (status === 'submitted') return { ...row, status };
  throw new Error(`Order ${row.orderId} is stored with the unknown status "${status}".`);
}

/** The whole order as its event carries it, with the names that projections would otherwise have to ask for. */
function toSnapshot(
  orderId: string,
  { items, ...order }: ExistingOrder,
  { name, email, phone }: CustomerRow,
  products: ReadonlyMap<string, ProductRow>,
): OrderSnapshot {
  return {
    orderId,
    ...order,
    customerName: name,
    customerEmail: email,
    customerPhone: phone,
    items: items.map((item) => ({ ...item, productName: products.get(item.productId)?.name ?? item.productId })),
  };
}

/** Stock and credit that the order takes now, or gives back. */
function reservationChange(
  before: OrderState,
  after: OrderState,
  { customerId }: CustomerRow,
): Pick<CommandCommit, 'stock' | 'credit'> {
  const held = reservationsOf(before);
  const holds = reservationsOf(after);
  const stock = [...new Set([...held.stock.keys(), ...holds.stock.keys()])]
    .sort()
    .map((productId) => ({
      productId,
      delta: (held.stock.get(productId) ?? 0) - (holds.stock.get(productId) ?? 0),
    }))
    .filter(({ delta }) => delta !== 0);
  const delta = holds.credit - held.credit;
  return delta === 0 ? { stock } : { stock, credit: { customerId, delta } };
}
