import * as z from 'zod';
import { type DecodedEvent, decodeEvents } from '../../shared/events/decode.ts';
import type { EventEnvelope } from '../../shared/events/envelope.ts';
import { parsePosition } from '../../shared/http/continuation-token.ts';
import { DEAD_LETTERS } from '../../shared/read-models/containers.ts';
import { fromStoredEvent } from '../../shared/read-models/dead-letter-event.ts';
import { customerOf, type DeadLetter, toDeadLetterResponse } from '../../shared/read-models/dead-letters.ts';
import { type Condition, readPage } from '../../shared/read-models/paging.ts';
import type { SyncApp } from '../app.ts';
import type { CustomerExport, ExportedCustomer, ExportedEvent } from '../database/customer-export.ts';
import { deadLetters } from '../dead-letters/stored-dead-letters.ts';
import { documentReader } from './documents.ts';
import type { ExportItem, ExportSource } from './export-page.ts';
import type { EXPORTED_TABLES } from './stores.ts';

/** What each part reads at most. */
const LIMITS = { orders: 20, events: 20, characters: 1_000_000, deadLetters: 50 };

type ExportingApp = Pick<SyncApp, 'database' | 'projections' | 'customerKeys' | 'runtime'>;

/** Everything that holds data of a customer, in the order of the export. */
export function exportSources(
  app: ExportingApp,
  rows: CustomerExport,
  { customerId, customer }: { readonly customerId: string; readonly customer: ExportedCustomer },
): readonly ExportSource[] {
  return [
    { name: 'customer', read: async () => ({ items: customerItems(customer) }) },
    ordersOf(rows, customerId),
    eventsOf(app, rows, customerId),
    deadLettersOf(app, customerId),
  ];
}

const itemsOf = (store: (typeof EXPORTED_TABLES)[number], records: readonly object[]): readonly ExportItem[] =>
  records.map((record) => ({ store, record }));

const customerItems = ({ customers, erasureRequests, keys, retiredKeys }: ExportedCustomer): readonly ExportItem[] => [
  ...itemsOf('Customers', customers),
  ...itemsOf('ErasureRequests', erasureRequests),
  ...itemsOf('CustomerKeys', keys),
  ...itemsOf('RetiredCustomerKeys', retiredKeys),
];

/** The orders and their lines. */
function ordersOf(rows: CustomerExport, customerId: string): ExportSource {
  return {
    name: 'orders',
    read: async (after = '') => {
      const { orders, items } = await rows.orders(customerId, after, LIMITS.orders);
      const ofOrders = orders.flatMap(({ lastLine, unconfirmedSince, ...order }): readonly ExportItem[] => [
        { store: 'Orders', record: order },
        ...(lastLine === null ? [] : itemsOf('LastLines', [{ orderId: order.orderId, lastLine }])),
        ...(unconfirmedSince === null
          ? []
          : itemsOf('UnconfirmedOrders', [{ orderId: order.orderId, submittedAt: unconfirmedSince }])),
      ]);
      const next = orders.length < LIMITS.orders ? undefined : orders.at(-1)?.orderId;
      return { items: [...ofOrders, ...itemsOf('OrderItems', items)], next };
    },
  };
}

const logPosition = z.object({ aggregateType: z.string(), aggregateId: z.string(), version: z.int() });

/** The events, decrypted, with their commands, and the documents of the read models that follow from them. */
function eventsOf(app: ExportingApp, rows: CustomerExport, customerId: string): ExportSource {
  const { events: limit, characters: maxCharacters } = LIMITS;
  const readOnce = documentReader(app);
  return {
    name: 'events',
    read: async (position) => {
      const after = position === undefined ? undefined : parsePosition(logPosition, position);
      const found = await rows.events({ customerId, after, limit, maxCharacters });
      const decoded = await decodeEvents(
        found.map(({ body }) => body),
        app.customerKeys.keysOf,
      );
      const events = decoded.flatMap((one): readonly EventEnvelope[] => (one.kind === 'event' ? [one.event] : []));
      const items = [...found.flatMap((row, index) => eventItems(row, decoded[index])), ...(await readOnce(events))];
      const last = found.at(-1);
      return { items, next: last && JSON.stringify(logPosition.parse(last)) };
    },
  };
}

function eventItems(
  { body, recordedAt, publishedAt, refusals, commandId, commandType, payloadHash, acceptedAt, ...place }: ExportedEvent,
  decoded: DecodedEvent | undefined,
): readonly ExportItem[] {
  const event = decoded?.kind === 'event' ? decoded.event : JSON.parse(body);
  const command = { commandId, commandType, payloadHash, acceptedAt, ...place };
  return [
    { store: 'Events', record: { recordedAt, publishedAt, event } },
    ...(commandId === null ? [] : itemsOf('Commands', [command])),
    ...(refusals === null ? [] : itemsOf('RefusedEvents', [{ ...place, refusals }])),
  ];
}

/** Dead letters that are events of the customer or of their orders, decrypted where possible. */
export function deadLettersOf(app: Pick<ExportingApp, 'database' | 'customerKeys'>, customerId: string): ExportSource {
  return {
    name: 'deadLetters',
    read: async (continuationToken) => {
      const page = await readPage<DeadLetter>(deadLetters(app), [ofCustomerOrUnknown(customerId)], {
        limit: LIMITS.deadLetters,
        continuationToken,
      });
      const own = page.documents.filter(({ event }) => customerOf(fromStoredEvent(event)) === customerId);
      const bodies = own.map(({ event }) => fromStoredEvent(event));
      const decoded = await decodeEvents(bodies, app.customerKeys.keysOf);
      const items = own.map((letter, index): ExportItem => {
        const one = decoded[index];
        const record = toDeadLetterResponse(letter);
        return { store: DEAD_LETTERS.name, record: one?.kind === 'event' ? { ...record, event: one.event } : record };
      });
      const { continuationToken: next } = page;
      return { items, next: next && Buffer.from(next, 'base64url').toString() };
    },
  };
}

/** The letters about a customer, and those from before their customer was recorded. */
const ofCustomerOrUnknown = (customerId: string): Condition => ({
  sql: '(c.customerId = @customerId OR NOT IS_DEFINED(c.customerId))',
  parameters: { '@customerId': customerId },
});
