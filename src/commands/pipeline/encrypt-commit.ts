import type { EventEnvelope } from '../../shared/events/envelope.ts';
import { newDataKey, unwrapDataKey } from '../../shared/personal-data/data-keys.ts';
import { encryptEvent, hasPersonalData } from '../../shared/personal-data/event-encryption.ts';
import type { MasterKey } from '../../shared/personal-data/master-key.ts';
import type { CommandCommit, LoadedRows } from '../write-store/write-store.ts';

/** A commit whose event is not encrypted yet. */
export interface DecidedCommit extends Omit<CommandCommit, 'events' | 'customerKey'> {
  readonly event: EventEnvelope;
}

/**
 * The commit as it is stored: personal data in the event are encrypted with the customer's data key, or with a new key when the
 * customer has none yet. Throws when the master key cannot be read.
 */
export async function encryptCommit(
  { event, ...commit }: DecidedCommit,
  rows: LoadedRows,
  masterKey: MasterKey,
): Promise<CommandCommit> {
  const { eventId, aggregateType, aggregateId, version } = event;
  const head = { eventId, aggregateType, aggregateId, version };
  if (!hasPersonalData(event)) return { ...commit, events: [{ ...head, body: JSON.stringify(event) }] };
  const customerId = event.aggregateType === 'Order' ? event.order.customerId : aggregateId;
  // An erased customer's order can still be cancelled, for example; the reason is dropped like everything else about them.
  if (rows.customer?.erased === true) {
    return { ...commit, events: [{ ...head, body: encryptEvent(event, customerId, 'destroyed') }] };
  }
  const stored = rows.customerKey ?? (await newDataKey(masterKey));
  const body = encryptEvent(event, customerId, await unwrapDataKey(stored, masterKey));
  const customerKey = { customerId, ...stored, isNew: rows.customerKey === undefined };
  return { ...commit, events: [{ ...head, body }], customerKey };
}
