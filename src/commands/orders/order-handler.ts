import type { Actor } from '../../shared/auth/authenticate.ts';
import { SCHEMA_VERSIONS } from '../../shared/events/envelope.ts';
import type { OrderSnapshot } from '../../shared/events/order-events.ts';
import { existingId } from '../http/aggregate-id.ts';
import type { CommandEnvelope, PreparedCommand } from '../pipeline/command.ts';
import type { CommandCommit, CustomerRow, LoadRequest, OrderRow, ProductRow } from '../write-store/write-store.ts';
import type { OrderCommand } from './domain/commands.ts';
import { decideOrder } from './domain/decide.ts';
import { type ExistingOrder, evolveOrder, initialOrder, type OrderState, reservationsOf } from './domain/order.ts';
import { toOrderRow, toOrderState } from './order-row.ts';

interface OrderCommandSource {
  readonly orderId: string;
  /** Whose orders the command may change: for others than admin and warehouse, a stranger's order does not exist. */
  readonly actor?: Actor;
  /** What the command needs besides the order with its own customer and products. */
  readonly reads?: Partial<Pick<LoadRequest, 'customerId' | 'productIds'>>;
  /** The command; amounts in it may depend on the currency that the order has. */
  readonly toCommand: (order: OrderRow | undefined) => OrderCommand;
}

/** Prepares any command on an order: which rows it reads, and the decision as one change of rows with its event. */
export function prepareOrderCommand({ orderId, actor, reads, toCommand }: OrderCommandSource): PreparedCommand {
  const visible = (order: OrderRow | undefined) => (actor === undefined || mayChange(actor, order) ? order : undefined);
  return {
    aggregateType: 'Order',
    aggregateId: orderId,
    reads: { orderId, productIds: [], ...reads },
    version: (rows) => visible(rows.order)?.version ?? 0,
    decide: (rows) => {
      const order = visible(rows.order);
      const { customer } = rows;
      const products = new Map(rows.products.map((product) => [product.productId, product]));
      const before = order === undefined ? initialOrder : toOrderState(order);
      const command = toCommand(order);
      const decision = decideOrder(command, before, { customer, products, version: order?.version ?? 0 });
      if (decision.outcome === 'rejected') return decision;
      if (customer === undefined) throw new Error(`Order ${orderId} was accepted without its customer.`);
      const after = evolveOrder(before, decision.event);
      const snapshot = toSnapshot(orderId, after, customer, products);
      return {
        outcome: 'accepted',
        change: {
          event: {
            ...decision.event,
            schemaVersion: SCHEMA_VERSIONS[decision.event.eventType],
            aggregateType: 'Order',
            order: snapshot,
          },
          order: toOrderRow(orderId, (order?.version ?? 0) + 1, after),
          ...reservationChange(before, after, customer),
        },
      };
    },
  };
}

/** Prepares a command on an order that exists, by its data alone. */
export function prepareOrderChange(
  envelope: CommandEnvelope,
  toCommand: (orderId: string) => OrderCommand,
): PreparedCommand {
  const orderId = existingId(envelope);
  const command = toCommand(orderId);
  return prepareOrderCommand({ orderId, actor: envelope.actor, toCommand: () => command });
}

function mayChange({ roles, customerId }: Actor, order: OrderRow | undefined): boolean {
  return roles.has('admin') || roles.has('warehouse') || order?.customerId === customerId;
}

/** The whole order as its event carries it, with the names that projections would otherwise have to ask for. */
function toSnapshot(
  orderId: string,
  { items, ...order }: ExistingOrder,
  { name, email, phone, version }: CustomerRow,
  products: ReadonlyMap<string, ProductRow>,
): OrderSnapshot {
  return {
    orderId,
    ...order,
    customerName: name,
    customerEmail: email,
    customerPhone: phone,
    customerVersion: version,
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
