import * as z from 'zod';
import { type WrappedKey, wrappedKey } from '../../shared/personal-data/data-keys.ts';
import { integer } from '../../shared/write-database/integer.ts';
import type { CustomerKey } from './customer-keys.ts';
import type { StoredEvents } from './stored-events.ts';

/** A flag is a boolean for SQL Server's `bit`, and a number otherwise. */
export const flag = z.union([z.boolean(), integer.transform((value) => value === 1)]);

/** Columns of a data key: all null when there is no key. */
export const keyColumns = {
  keyId: z.string().nullable(),
  wrappedKey: z.string().nullable(),
  masterKeyVersion: z.string().nullable(),
};

const wrappedKeys = z.array(wrappedKey);

export function toWrappedKey(columns: z.output<z.ZodObject<typeof keyColumns>>): WrappedKey | undefined {
  return columns.keyId === null ? undefined : wrappedKey.parse(columns);
}

const storedEvents = z.object({
  events: z.array(z.object({ body: z.string() })),
  customers: z.array(z.object({ name: z.string(), version: integer, erased: flag, ...keyColumns })).max(1),
  retiredKeys: wrappedKeys,
});

/** Validates stored events, the row of the customer whom they are about, and the customer's earlier keys. */
export function toStoredEvents(sets: {
  readonly events: unknown;
  readonly customers: unknown;
  readonly retiredKeys: unknown;
}): StoredEvents {
  const {
    events,
    customers: [customer],
    retiredKeys,
  } = storedEvents.parse(sets);
  const bodies = events.map(({ body }) => body);
  if (customer === undefined) return { bodies };
  const { name, version, erased, ...columns } = customer;
  const key = toWrappedKey(columns);
  return { bodies, customer: { name, version, erased, keys: [...(key === undefined ? [] : [key]), ...retiredKeys] } };
}

/** Validates the rows of data keys. */
export function toCustomerKeys(rows: unknown): readonly CustomerKey[] {
  return z.array(wrappedKey.extend({ customerId: z.string() })).parse(rows);
}
