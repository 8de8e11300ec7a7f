import type { EventEnvelope } from '../../shared/events/envelope.ts';
import { newDataKey, unwrapDataKey } from '../../shared/personal-data/data-keys.ts';
import { customerOfEvent, encryptEvent } from '../../shared/personal-data/event-encryption.ts';
import type { MasterKey } from '../../shared/personal-data/master-key.ts';
import { ERASED_SHIPMENT } from '../../shared/personal-data/placeholders.ts';
import type { Chance } from '../../shared/runtime.ts';
import type { CommandCommit, LoadedRows, OrderRow } from '../write-store/write-store.ts';

/** A commit whose event is not encrypted yet. */
export interface DecidedCommit extends Omit<CommandCommit, 'events' | 'customerKey'> {
  readonly event: EventEnvelope;
}

/**
 * Encrypts the personal data in a commit's event with the customer's data key, or with a new key when the customer has none yet.
 * Throws when the master key cannot be read.
 */
export async function encryptCommit(
  { event, ...commit }: DecidedCommit,
  rows: LoadedRows,
  masterKey: MasterKey,
  chance: Pick<Chance, 'newId' | 'randomBytes'>,
): Promise<CommandCommit> {
  const { eventId, aggregateType, aggregateId, version } = event;
  const head = { eventId, aggregateType, aggregateId, version };
  const customerId = customerOfEvent(event);
  if (customerId === undefined) return { ...commit, events: [{ ...head, body: JSON.stringify(event) }] };
  if (rows.customer?.erased === true || commit.erasedCustomerId !== undefined) {
    return { ...withoutPersonalData(commit), events: [{ ...head, body: encryptEvent(event, 'destroyed', chance) }] };
  }
  const stored = rows.customerKey ?? (await newDataKey(masterKey, chance));
  const body = encryptEvent(event, await unwrapDataKey(stored, masterKey), chance);
  const customerKey = { customerId, ...stored, isNew: rows.customerKey === undefined };
  return { ...commit, events: [{ ...head, body }], customerKey };
}

/** An erased customer's order can still be shipped or cancelled, for example. What that tells about the person is not stored. */
function withoutPersonalData<Commit extends { readonly order?: OrderRow }>(commit: Commit): Commit {
  const { order } = commit;
  if (order === undefined || order.tracking === null) return commit;
  return { ...commit, order: { ...order, tracking: { ...order.tracking, ...ERASED_SHIPMENT } } };
}
