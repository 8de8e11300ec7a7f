import { type CustomerState, evolveCustomer } from '../../../src/commands/customers/domain/customer.ts';
import {
  evolveOrder,
  initialOrder,
  type OrderState,
  reservationsOf,
} from '../../../src/commands/orders/domain/order.ts';
import { toOrderRow } from '../../../src/commands/orders/order-row.ts';
import { evolveProduct, type ProductState } from '../../../src/commands/products/domain/product.ts';
import type { CustomerRow, OrderRow, ProductRow } from '../../../src/commands/write-store/write-store.ts';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { stockDelta } from '../../../src/shared/events/product-events.ts';
import { ERASED } from '../../../src/shared/personal-data/placeholders.ts';
import { CUSTOMERS, ORDERS, PRODUCTS } from '../commands/random-commands.ts';

interface Folded<State> {
  readonly state: State;
  /** Number of events. */
  readonly version: number;
}

/** The names of the products by id. */
type ProductNames = ReadonlyMap<string, string | undefined>;

/** The write model as a fold of the event log alone. */
export interface FoldedLog {
  readonly orders: ReadonlyMap<string, Folded<OrderState> & { readonly names: ProductNames }>;
  readonly customers: ReadonlyMap<string, Folded<CustomerState>>;
  readonly products: ReadonlyMap<string, Folded<ProductState> & { readonly stock: number }>;
}

export const EMPTY_LOG: FoldedLog = { orders: new Map(), customers: new Map(), products: new Map() };

/** The log with one more event. */
export function append(log: FoldedLog, event: EventEnvelope): FoldedLog {
  const { aggregateId } = event;
  switch (event.aggregateType) {
    case 'Order': {
      const before = log.orders.get(aggregateId) ?? { state: initialOrder, version: 0, names: new Map() };
      const { state, version } = before;
      // The names follow the products until the order is submitted, and stay as they were from then on.
      const follows = state.status === 'none' || state.status === 'draft';
      const names = follows ? productNames(log) : before.names;
      const after = { state: evolveOrder(state, event), version: version + 1, names };
      return { ...log, orders: new Map(log.orders).set(aggregateId, after) };
    }
    case 'Customer': {
      const { state, version } = log.customers.get(aggregateId) ?? { state: undefined, version: 0 };
      const after = { state: evolveCustomer(state, event), version: version + 1 };
      return { ...log, customers: new Map(log.customers).set(aggregateId, after) };
    }
    case 'Product': {
      const { state, version, stock } = log.products.get(aggregateId) ?? { state: undefined, version: 0, stock: 0 };
      const after = { state: evolveProduct(state, event), version: version + 1, stock: stock + stockDelta(event) };
      return { ...log, products: new Map(log.products).set(aggregateId, after) };
    }
  }
}

/** The state that an event must carry of its aggregate, folded from the log, with the names that projections need. */
export function carriedState(log: FoldedLog, { aggregateType, aggregateId }: EventEnvelope): unknown {
  if (aggregateType === 'Customer') {
    const { erasureRequestedBy: _, ...customer } = log.customers.get(aggregateId)?.state ?? {};
    return customer;
  }
  if (aggregateType === 'Product') {
    const { discontinued: _, ...product } = log.products.get(aggregateId)?.state ?? {};
    return product;
  }
  const { lastLine: _, ...state } = existingOrder(log, aggregateId);
  const { state: customer, version: customerVersion } = log.customers.get(state.customerId) ?? {};
  return {
    orderId: aggregateId,
    ...state,
    customerName: customer?.name,
    customerEmail: customer?.email,
    customerPhone: customer?.phone,
    customerVersion,
    items: state.items.map((item) => ({
      ...item,
      productName: log.orders.get(aggregateId)?.names.get(item.productId),
    })),
  };
}

function productNames(log: FoldedLog): ProductNames {
  return new Map([...log.products].map(([productId, { state }]) => [productId, state?.name]));
}

/** The aggregates whose rows are requested. */
export type AggregateIds = Readonly<Record<keyof FoldedLog, readonly string[]>>;

/** All aggregates of the random commands. */
export const RANDOM_COMMANDS_IDS: AggregateIds = { orders: ORDERS, customers: CUSTOMERS, products: PRODUCTS };

/** The rows that follow from the log, by default for all aggregates of the random commands; undefined for one that does not exist. */
export function rowsOf(
  log: FoldedLog,
  ids: AggregateIds = RANDOM_COMMANDS_IDS,
): {
  readonly orders: readonly (OrderRow | undefined)[];
  readonly customers: readonly (CustomerRow | undefined)[];
  readonly products: readonly ProductRow[];
} {
  const reserved = [...log.orders.keys()].map((orderId) => {
    const state = existingOrder(log, orderId);
    return { customerId: state.customerId, ...reservationsOf(state) };
  });
  const creditUsed = (id: string) =>
    reserved.reduce((sum, { customerId, credit }) => (customerId === id ? sum + credit : sum), 0);
  const units = (productId: string) => reserved.reduce((sum, { stock }) => sum + (stock.get(productId) ?? 0), 0);
  return {
    orders: ids.orders.map((orderId) => {
      const order = log.orders.get(orderId);
      return order === undefined ? undefined : toOrderRow(orderId, order.version, existingOrder(log, orderId));
    }),
    customers: ids.customers.map((customerId) => {
      const { state, version = 0 } = log.customers.get(customerId) ?? {};
      return state === undefined
        ? undefined
        : { ...state, creditUsed: creditUsed(customerId), erased: state.name === ERASED, version };
    }),
    products: [...ids.products].sort().flatMap((productId) => {
      const { state, version = 0, stock = 0 } = log.products.get(productId) ?? {};
      return state === undefined ? [] : [{ ...state, available: stock - units(productId), version }];
    }),
  };
}

function existingOrder(log: FoldedLog, orderId: string) {
  const state = log.orders.get(orderId)?.state;
  if (state === undefined || state.status === 'none') throw new Error(`The log has no order ${orderId}.`);
  return state;
}
