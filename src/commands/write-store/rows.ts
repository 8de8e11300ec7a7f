import * as z from 'zod';
import { AGGREGATE_TYPES } from '../../shared/events/envelope.ts';
import { address, ORDER_STATUSES, tracking } from '../../shared/events/order-events.ts';
import { integer } from '../../shared/write-database/integer.ts';
import { flag, keyColumns, toWrappedKey } from './event-rows.ts';
import type { UnconfirmedOrder } from './unconfirmed-orders.ts';
import type { LoadedRows, OrderRow } from './write-store.ts';

/** Both databases return the same column names, but with different types. SQL Server's driver returns times as dates. */
const utc = z.union([z.string(), z.date().transform((date) => date.toISOString())]);

const commandRecord = z
  .object({
    commandId: z.string(),
    payloadHash: z.string(),
    aggregateType: z.enum(AGGREGATE_TYPES),
    aggregateId: z.string(),
    version: integer,
    orderStatus: z.enum(ORDER_STATUSES).nullable(),
    currency: z.string().nullable(),
    total: integer.nullable(),
    eventId: z.string().nullable(),
    held: flag,
  })
  .transform(({ payloadHash, orderStatus: status, currency, total, eventId, held, ...result }) => ({
    payloadHash,
    result,
    ...(eventId !== null && { eventId }),
    ...(held && { held }),
    ...(status !== null && currency !== null && total !== null && { order: { status, currency, total } }),
  }));

const orderHead = z
  .object({
    orderId: z.string(),
    customerId: z.string(),
    status: z.enum(ORDER_STATUSES),
    currency: z.string(),
    total: integer,
    street: z.string().nullable(),
    city: z.string().nullable(),
    state: z.string().nullable(),
    zip: z.string().nullable(),
    country: z.string().nullable(),
    placedAt: utc.nullable(),
    confirmedAt: utc.nullable(),
    carrier: z.string().nullable(),
    trackingNumber: z.string().nullable(),
    shippedAt: utc.nullable(),
    deliveredAt: utc.nullable(),
    version: integer,
    lastLine: integer.nullable(),
  })
  .transform(({ street, city, state, zip, country, carrier, trackingNumber, shippedAt, deliveredAt, ...order }) => ({
    ...order,
    shippingAddress: orNull(address, { street, city, state, zip, country }),
    tracking: orNull(tracking, { carrier, trackingNumber, shippedAt, deliveredAt }),
  }));

/** Parses some columns of a row as an object without the null columns. Returns null when all of them are null. */
function orNull<Part>(part: z.ZodType<Part>, columns: Readonly<Record<string, string | null>>): Part | null {
  const present = Object.entries(columns).filter(([, value]) => value !== null);
  return present.length === 0 ? null : part.parse(Object.fromEntries(present));
}

const orderItem = z
  .object({
    line: integer,
    productId: z.string(),
    quantity: integer,
    price: integer,
    productName: z.string().nullable(),
  })
  .transform(({ productName, ...row }) => ({ row, productName }));

const customer = z
  .object({
    customerId: z.string(),
    name: z.string(),
    email: z.string(),
    phone: z.string().nullable(),
    currency: z.string(),
    creditLimit: integer,
    creditUsed: integer,
    erased: flag,
    version: integer,
    ...keyColumns,
    erasureRequestedBy: z.string().nullable(),
  })
  .transform(({ keyId, wrappedKey, masterKeyVersion, ...row }) => ({
    row,
    key: toWrappedKey({ keyId, wrappedKey, masterKeyVersion }),
  }));

const product = z.object({
  productId: z.string(),
  name: z.string(),
  price: integer,
  currency: z.string(),
  available: integer,
  version: integer,
  discontinued: flag,
});

const syncLag = z.object({
  readModel: z.string(),
  measure: z.enum(['projected', 'waiting']),
  lagMs: integer,
  ageMs: integer,
});

const draftCount = z.object({ openDrafts: integer });

/** The result sets of a load, by the names that both databases give them. */
const loaded = z.object({
  commands: z.array(commandRecord).max(1),
  orders: z.array(orderHead).max(1),
  /** By line. */
  items: z.array(orderItem),
  customers: z.array(customer).max(1),
  products: z.array(product),
  syncLags: z.array(syncLag),
  /** Empty or absent when the load does not count drafts. */
  draftCounts: z.array(draftCount).max(1).default([]),
});

/**
 * Validates the rows of a load and combines them. Throws when a result set is missing, or a number is not a safe integer.
 * @param sets the result sets as a database returns them, by name
 */
export function toLoadedRows(sets: Readonly<Record<string, unknown>>): LoadedRows {
  const {
    commands: [command],
    orders: [order],
    items,
    customers: [customer],
    products,
    syncLags,
    draftCounts: [draftCount],
  } = loaded.parse(sets);
  return {
    ...(command === undefined ? {} : { command }),
    ...(order === undefined
      ? {}
      : {
          order: withItems(
            order,
            items.map(({ row }) => row),
          ),
        }),
    ...(order === undefined || order.status === 'draft' ? {} : { lineNames: lineNames(items) }),
    ...(customer === undefined ? {} : { customer: customer.row }),
    ...(customer?.key === undefined ? {} : { customerKey: customer.key }),
    products,
    ...draftCount,
    syncLags,
  };
}

/** The order with its items, which are ordered by line. The row of an order that version 0.1.0 wrote does not know all of its lines. */
function withItems(order: z.output<typeof orderHead>, items: OrderRow['items']): OrderRow {
  return { ...order, items, lastLine: Math.max(order.lastLine ?? 0, items.at(-1)?.line ?? 0) };
}

/** The names by line, without those that are not known. */
function lineNames(items: readonly z.output<typeof orderItem>[]): ReadonlyMap<number, string> {
  return new Map(
    items.flatMap(({ row, productName }) => (productName === null ? [] : [[row.line, productName] as const])),
  );
}

const unconfirmedOrders = z.array(z.object({ orderId: z.string(), submittedAt: utc }));

/** Validates the rows of unconfirmed orders. */
export function toUnconfirmedOrders(rows: unknown): readonly UnconfirmedOrder[] {
  return unconfirmedOrders.parse(rows);
}

/** Validates a single number, such as a count or an age. */
export function toInteger(value: unknown): number {
  return integer.parse(value);
}
