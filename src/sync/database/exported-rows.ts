import * as z from 'zod';
import { integer } from '../../shared/write-database/integer.ts';
import type { ExportedCustomer, ExportedEvent, ExportedOrders } from './customer-export.ts';

/** SQL Server's driver returns times as dates; SQLite stores text, or milliseconds where only the database compares them. */
const time = z.union([
  z.string(),
  z.date().transform((date) => date.toISOString()),
  z.number().transform((ms) => new Date(ms).toISOString()),
]);
const text = z.string();

const customerSets = z.object({
  customers: z
    .array(
      z.object({
        customerId: text,
        name: text,
        email: text,
        phone: text.nullable(),
        currency: text,
        creditLimit: integer,
        creditUsed: integer,
        version: integer,
      }),
    )
    .max(1),
  erasureRequests: z.array(z.object({ requestedBy: text })),
  keys: z.array(z.object({ keyId: text.nullable(), masterKeyVersion: text.nullable(), erasedAt: time.nullable() })),
  retiredKeys: z.array(z.object({ keyId: text, masterKeyVersion: text, retiredAt: time })),
});

/** Validates the rows of a customer. Returns undefined when there is no such customer. */
export function toExportedCustomer(
  sets: Readonly<Record<keyof ExportedCustomer, unknown>>,
): ExportedCustomer | undefined {
  const exported = customerSets.parse(sets);
  return exported.customers.length === 0 ? undefined : exported;
}

const orderSets = z.object({
  orders: z.array(
    z.object({
      orderId: text,
      status: text,
      currency: text,
      total: integer,
      shippingStreet: text.nullable(),
      shippingCity: text.nullable(),
      shippingState: text.nullable(),
      shippingZip: text.nullable(),
      shippingCountry: text.nullable(),
      placedAt: time.nullable(),
      confirmedAt: time.nullable(),
      carrier: text.nullable(),
      trackingNumber: text.nullable(),
      shippedAt: time.nullable(),
      deliveredAt: time.nullable(),
      version: integer,
      lastLine: integer.nullable(),
      unconfirmedSince: time.nullable(),
    }),
  ),
  items: z.array(z.object({ orderId: text, line: integer, productId: text, quantity: integer, price: integer })),
});

/** Validates the rows of orders and their lines. */
export const toExportedOrders = (sets: Readonly<Record<keyof ExportedOrders, unknown>>): ExportedOrders =>
  orderSets.parse(sets);

const event = z.object({
  aggregateType: text,
  aggregateId: text,
  version: integer,
  recordedAt: time,
  publishedAt: time.nullable(),
  body: text,
  commandId: text.nullable(),
  commandType: text.nullable(),
  payloadHash: text.nullable(),
  acceptedAt: time.nullable(),
  refusals: integer.nullable(),
});

/** Validates the rows of events with their commands. */
export const toExportedEvents = (rows: unknown): readonly ExportedEvent[] => z.array(event).parse(rows);
