import type { Actor } from '../../shared/auth/authenticate.ts';
import { EVENTS } from '../../shared/events/envelope.ts';
import type { OrderEvent } from '../../shared/events/order-events.ts';
import { isForWarehouse } from '../../shared/read-models/order-views.ts';
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
import type { OrderItem } from './domain/order-item.ts';
import type { OrderFacts } from './domain/rules.ts';
import { toOrderRow, toOrderState } from './order-row.ts';
import { toPublishedOrder } from './published-order.ts';

interface OrderCommandSource {
  readonly orderId: string;
  /** The caller, for whom an order that they may not see does not exist. */
  readonly actor: Actor;
  /** True: the command creates the order, and is rejected when the order exists, even if it belongs to another customer. */
  readonly creates?: boolean;
  /** For a new draft: the maximum open drafts of the customer, including this one. */
  readonly maxOpenDrafts?: number | undefined;
  /** Rows that the command needs in addition to the order and its own customer and products. */
  readonly reads?: Partial<Pick<LoadRequest, 'customerId' | 'productIds'>>;
  readonly toCommand: (order: OrderState) => OrderCommand;
}

/** Prepares any command on an order. */
export function prepareOrderCommand(source: OrderCommandSource): PreparedCommand {
  const { orderId, reads, maxOpenDrafts, toCommand } = source;
  const drafts = maxOpenDrafts === undefined ? {} : { countDraftsUpTo: maxOpenDrafts };
  const request = { orderId, productIds: [], ...reads, ...drafts };
  return prepareAggregate(orders(source), { id: orderId, reads: request, toCommand });
}

/** Prepares a command on an existing order that depends only on the envelope. */
export function prepareOrderChange(
  envelope: CommandEnvelope,
  toCommand: (orderId: string) => OrderCommand,
): PreparedCommand {
  const orderId = existingId(envelope);
  const command = toCommand(orderId);
  return prepareOrderCommand({ orderId, actor: envelope.actor, toCommand: () => command });
}

/**
 * Orders as a caller sees them. An order that the caller may not see does not exist for them: its version is 0, even when a command
 * that creates an order is rejected because that order exists.
 */
function orders({
  actor,
  creates = false,
  maxOpenDrafts,
}: OrderCommandSource): Aggregate<OrderCommand, OrderState, OrderFacts, OrderEvent, ExistingOrder> {
  return {
    type: 'Order',
    decider: orderDecider,
    load: ({ order: row, customer, products, openDrafts = 0 }) => {
      const visible = row !== undefined && mayChange(actor, row) ? row : undefined;
      const decidedOn = creates ? row : visible;
      const version = visible?.version ?? 0;
      return {
        version,
        state: decidedOn === undefined ? orderDecider.initialState : toOrderState(decidedOn),
        facts: { customer, products: byId(products), version, openDrafts },
      };
    },
    change: ({ id, version, before, event, after }, rows) => {
      const { customer } = rows;
      if (customer === undefined) throw new Error(`Order ${id} was accepted without its customer.`);
      const order = toPublishedOrder(id, after, customer, namesOf(before, rows));
      return {
        event: { ...event, schemaVersion: EVENTS[event.eventType].version, aggregateType: 'Order', order },
        order: toOrderRow(id, version, after),
        ...(maxOpenDrafts !== undefined && { maxOpenDrafts }),
        ...reservationChange(before, after, customer),
      };
    },
  };
}

/** True when the order exists for the caller: as in reads, for the warehouse from its confirmation on. */
function mayChange({ roles, customerId }: Actor, order: OrderRow): boolean {
  return roles.has('admin') || order.customerId === customerId || (roles.has('warehouse') && isForWarehouse(order));
}

function byId(products: readonly ProductRow[]): ReadonlyMap<string, ProductRow> {
  return new Map(products.map((product) => [product.productId, product]));
}

/** The product names of an order's lines: the current ones up to the submission, and from then on those that the order has had. */
function namesOf({ status }: OrderState, { products, lineNames }: LoadedRows) {
  const current = byId(products);
  const isKept = status !== 'none' && status !== 'draft';
  return ({ line, productId }: OrderItem) =>
    (isKept ? lineNames?.get(line) : undefined) ?? current.get(productId)?.name;
}

/** The stock and credit that an event reserves or releases. */
function reservationChange(
  before: OrderState,
  after: OrderState,
  { customerId }: CustomerRow,
): Pick<CommandCommit, 'stock' | 'credit'> {
  const reservedBefore = reservationsOf(before);
  const reservedAfter = reservationsOf(after);
  const stock = [...new Set([...reservedBefore.stock.keys(), ...reservedAfter.stock.keys()])]
    .sort()
    .map((productId) => ({
      productId,
      delta: (reservedBefore.stock.get(productId) ?? 0) - (reservedAfter.stock.get(productId) ?? 0),
    }))
    .filter(({ delta }) => delta !== 0);
  const delta = reservedAfter.credit - reservedBefore.credit;
  return delta === 0 ? { stock } : { stock, credit: { customerId, delta } };
}
