import * as z from 'zod';
import { type Deadline, withDeadline } from '../../shared/deadline.ts';
import { decodeEvent } from '../../shared/events/decode.ts';
import type { OrderEventEnvelope } from '../../shared/events/envelope.ts';
import { unavailable } from '../../shared/http/problem.ts';
import { unwrapDataKeys } from '../../shared/personal-data/data-keys.ts';
import type { DataKeys } from '../../shared/personal-data/event-encryption.ts';
import type { MasterKey } from '../../shared/personal-data/master-key.ts';
import { withSpan } from '../../shared/telemetry/tracing.ts';
import type { IsTaken } from '../../shared/write-database/replica.ts';
import type { ReadingApp } from '../app.ts';
import type { EventWindow, StoredEvents } from '../write-store/stored-events.ts';
import type { WriteStore } from '../write-store/write-store.ts';

export interface OrderEventsRequest {
  readonly orderId: string;
  /** The events up to this version; undefined: all. */
  readonly version: number | undefined;
  /** The only customer whose orders the caller may see; undefined: the caller may see all orders. */
  readonly ownerId: string | undefined;
  readonly window: EventWindow;
  /** The age (ms) that the caller accepts; 0 reads the primary. */
  readonly acceptedMs: number;
  /** The ETags that the caller has (`If-None-Match`). The answer is not older than these. */
  readonly knownStates: string;
}

export interface OrderEvents {
  readonly customer: StoredEvents['customer'] | undefined;
  readonly events: readonly OrderEventEnvelope[];
  /** Maximum age of the answer in milliseconds. */
  readonly ageMs: number;
}

const notRead = unavailable('Orders cannot be read at the moment: try again.');

/** Reads and decrypts the newest event of an order, and a window of its history. Throws Problem `unavailable`. */
export async function readOrderEvents(app: ReadingApp, request: OrderEventsRequest): Promise<OrderEvents> {
  const { eventReads, masterKey } = await app.services();
  const { orderId: aggregateId, version: upToVersion, ownerId, window, acceptedMs } = request;
  const read = async (deadline: Deadline) => {
    const stored = { aggregateType: 'Order', aggregateId, upToVersion, ownerId, window } as const;
    const load = (store: Pick<WriteStore, 'readEvents'>) =>
      withSpan({ name: 'load' }, () => store.readEvents(stored, deadline));
    const { answer, ageMs } = await (acceptedMs > 0
      ? eventReads.read(load, isCurrentEnough(request))
      : eventReads.readPrimary(load));
    const { bodies, customer } = answer;
    return { bodies, customer, ageMs, keys: bodies.length === 0 ? [] : await dataKeysOf(customer, masterKey) };
  };
  const limitMs = app.config.orders.deadlineMs;
  const { bodies, customer, ageMs, keys } = await withDeadline(limitMs, app.runtime, read).catch(notRead);
  return { events: bodies.map((body) => toOrderEvent(body, keys)), customer, ageMs };
}

/**
 * Takes an answer of the replica that is not older than the caller accepts, and that has everything that the caller knows of: the order,
 * the version that was requested, the history that was read before, and the states in `If-None-Match`.
 */
function isCurrentEnough({ acceptedMs, version, window, knownStates }: OrderEventsRequest): IsTaken<StoredEvents> {
  const knownVersion = Math.max(version ?? 1, window.after);
  return ({ bodies, customer }, { ageMs }) => {
    const newest = versionOf(bodies.at(-1));
    const isKnown = ([, known, revision = '0']: RegExpMatchArray) =>
      newest > Number(known) || (newest === Number(known) && (customer?.version ?? 0) >= Number(revision));
    return ageMs <= acceptedMs && newest >= knownVersion && [...knownStates.matchAll(STATE)].every(isKnown);
  };
}

/** A version with its revision in an ETag: `"3"` or `"3.1"`, or `"3.1.2"` from a read model. */
const STATE = /"(\d+)(?:\.(\d+)(?:\.\d+)?)?"/g;

const versioned = z.object({ version: z.int() });

/** The version of a stored event, 0 for none. */
function versionOf(body: string | undefined): number {
  return body === undefined ? 0 : versioned.parse(JSON.parse(body)).version;
}

async function dataKeysOf(customer: StoredEvents['customer'], masterKey: MasterKey): Promise<DataKeys> {
  if (customer?.erased === true) return 'destroyed';
  return unwrapDataKeys(customer?.keys ?? [], masterKey);
}

/** The log contains only what this app has written; anything else is a fault. */
function toOrderEvent(body: string, keys: DataKeys): OrderEventEnvelope {
  const decoded = decodeEvent(body, () => keys);
  if (decoded.kind === 'event' && decoded.event.aggregateType === 'Order') return decoded.event;
  throw new Error(`The log of an order contains something other than its events: ${decoded.kind}.`);
}
