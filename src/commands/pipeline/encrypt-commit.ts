import type { EventEnvelope } from '../../shared/events/envelope.ts';
import { newDataKey, unwrapDataKey } from '../../shared/personal-data/data-keys.ts';
import { isPersonal, sealEvent } from '../../shared/personal-data/event-encryption.ts';
import type { MasterKey } from '../../shared/personal-data/master-key.ts';
import type { CommandCommit, LoadedRows } from '../write-store/write-store.ts';

/** What a command has been decided to change, with its event as projections will see it. */
export interface DecidedCommit extends Omit<CommandCommit, 'events' | 'customerKey'> {
  readonly event: EventEnvelope;
}

/**
 * The commit as it is stored: personal data in the event are sealed with the customer's data key, or with a new one where there
 * is none yet. Throws when the master key cannot be read.
 */
export async function sealCommit(
  { event, ...commit }: DecidedCommit,
  rows: LoadedRows,
  masterKey: MasterKey,
): Promise<CommandCommit> {
  const { eventId, aggregateType, aggregateId, version } = event;
  const head = { eventId, aggregateType, aggregateId, version };
  if (!isPersonal(event)) return { ...commit, events: [{ ...head, body: JSON.stringify(event) }] };
  const customerId = event.aggregateType === 'Order' ? event.order.customerId : aggregateId;
  // What is written of an erased customer's order later, such as why it is cancelled, is kept no more than the rest.
  if (rows.customer?.erased === true) {
    return { ...commit, events: [{ ...head, body: sealEvent(event, customerId, 'destroyed') }] };
  }
  const stored = rows.customerKey ?? (await newDataKey(masterKey));
  const body = sealEvent(event, customerId, await unwrapDataKey(stored, masterKey));
  const customerKey = { customerId, ...stored, isNew: rows.customerKey === undefined };
  return { ...commit, events: [{ ...head, body }], customerKey };
}
