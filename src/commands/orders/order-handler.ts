import type { Actor } from '../../shared/auth/authenticate.ts';
import { EVENTS } from '../../shared/events/envelope.ts';
import type { OrderEvent, PublishedOrder } from '../../shared/events/order-events.ts';
import { existingId } from '../http/aggregate-id.ts';
import { type Aggregate, prepareAggregate } from '../pipeline/aggregate-handler.ts';
import type { CommandEnvelope, PreparedCommand } from '../pipeline/command.ts';
import type {
  CommandCommit,
  CustomerRow,
  LoadedRows,
  LoadRequest,
  OrderRow,
  ProductRow,
} from '../write-store/write-store.ts';
import type { OrderCommand } from './domain/commands.ts';
import { orderDecider } from './domain/decide.ts';
import { type ExistingOrder, type OrderState, reservationsOf } from './domain/order.ts';
import type { OrderFacts } from './domain/rules.ts';
import { toOrderRow, toOrderState } from './order-row.ts';

interface OrderCommandSource {
  readonly orderId: string;
  /** The caller whose orders the command may change. Absent: the command creates an order. */
  readonly actor?: Actor;
  /** Rows that the command needs besides the order with its own customer and products. */
  readonly reads?: Partial<Pick<LoadRequest, 'customerId' | 'productIds'>>;
  readonly toCommand: (order: OrderState) => OrderCommand;
}

/** Prepares any command on an order. */
export function prepareOrderCommand({ orderId, actor, reads, toCommand }: OrderCommandSource): PreparedCommand {
  return prepareAggregate(orders(actor), { id: orderId, reads: { orderId, productIds: [], ...reads }, toCommand });
}

/** Prepares a command on an order that exists, from its data alone. */
export function prepareOrderChange(
  envelope: CommandEnvelope,
  toCommand: (orderId: string) => OrderCommand,
): PreparedCommand {
  const orderId = existingId(envelope);
  const command = toCommand(orderId);
  return prepareOrderCommand({ orderId, actor: envelope.actor, toCommand: () => command });
}

/** Orders as a caller may change them: for others than admin and warehouse, another customer's order does not exist. */
function orders(actor?: Actor): Aggregate<OrderCommand, OrderState, OrderFacts, OrderEvent, ExistingOrder> {
  return {
    type: 'Order',
    decider: orderDecider,
    load: ({ order: row, customer, products }) => {
      const order = actor === undefined || mayChange(actor, row) ? row : undefined;
      return {
        version: order?.version ?? 0,
        state: order === undefined ? orderDecider.initialState : toOrderState(order),
        facts: { customer, products: byId(products), version: order?.version ?? 0 },
      };
    },
    change: ({ id, version, before, event, after }, rows) => {
      const { customer } = rows;
      if (customer === undefined) throw new Error(`Order ${id} was accepted without its customer.`);
      const order = toPublishedOrder(id, after, customer, rows);
      return {
        event: { ...event, schemaVersion: EVENTS[event.eventType].version, aggregateType: 'Order', order },
        order: toOrderRow(id, version, after),
        ...reservationChange(before, after, customer),
      };
    },
  };
}

function mayChange({ roles, customerId }: Actor, order: OrderRow | undefined): boolean {
  return roles.has('admin') || roles.has('warehouse') || order?.customerId === customerId;
}

function byId(products: readonly ProductRow[]): ReadonlyMap<string, ProductRow> {
  return new Map(products.map((product) => [product.productId, product]));
}

/** The whole order as its event carries it, with the names that projections would otherwise have to ask for. */
function toPublishedOrder(
  orderId: string,
  { items, ...order }: ExistingOrder,
  { name, email, phone, version }: CustomerRow,
  rows: LoadedRows,
): PublishedOrder {
  const products = byId(rows.products);
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

/** The stock and credit that the order reserves or gives back with an event. */
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
