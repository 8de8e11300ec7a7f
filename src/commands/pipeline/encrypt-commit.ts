import type { EventEnvelope } from '../../shared/events/envelope.ts';
import { newDataKey, unwrapDataKey } from '../../shared/personal-data/data-keys.ts';
import { customerOfEvent, encryptEvent, hasPersonalData } from '../../shared/personal-data/event-encryption.ts';
import type { MasterKey } from '../../shared/personal-data/master-key.ts';
import type { Chance } from '../../shared/runtime.ts';
import type { CommandCommit, LoadedRows } from '../write-store/write-store.ts';

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
  const customerId = hasPersonalData(event) ? customerOfEvent(event) : undefined;
  if (customerId === undefined) return { ...commit, events: [{ ...head, body: JSON.stringify(event) }] };
  // An erased customer's order can still be cancelled, for example. The reason is personal data, so it is not stored.
  if (rows.customer?.erased === true) {
    return { ...commit, events: [{ ...head, body: encryptEvent(event, 'destroyed', chance) }] };
  }
  const stored = rows.customerKey ?? (await newDataKey(masterKey, chance));
  const body = encryptEvent(event, await unwrapDataKey(stored, masterKey), chance);
  const customerKey = { customerId, ...stored, isNew: rows.customerKey === undefined };
  return { ...commit, events: [{ ...head, body }], customerKey };
}
