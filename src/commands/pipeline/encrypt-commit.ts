import type { EventEnvelope } from '../../shared/events/envelope.ts';
import {
  isOutdated,
  newDataKey,
  unlessDamaged,
  unwrapDataKey,
  type WrappedKey,
} from '../../shared/personal-data/data-keys.ts';
import { customerOfEvent, type DataKey, encryptEvent } from '../../shared/personal-data/event-encryption.ts';
import type { MasterKey } from '../../shared/personal-data/master-key.ts';
import { ERASED_SHIPMENT } from '../../shared/personal-data/placeholders.ts';
import type { Chance } from '../../shared/runtime.ts';
import { logLine } from '../../shared/telemetry/log-line.ts';
import type { CommandCommit, LoadedRows, OrderRow } from '../write-store/write-store.ts';

/** A commit whose event is not encrypted yet. */
export interface DecidedCommit extends Omit<CommandCommit, 'events' | 'customerKey'> {
  readonly event: EventEnvelope;
}

/**
 * Encrypts the personal data in a commit's event with the customer's data key, or with a new key when the customer has none yet, the
 * master key was rotated since, or the key is damaged. Throws when the master key cannot be read.
 */
export async function encryptCommit(
  { event, ...commit }: DecidedCommit,
  rows: LoadedRows,
  masterKey: MasterKey,
  chance: Pick<Chance, 'randomBytes'>,
): Promise<CommandCommit> {
  const { eventId, aggregateType, aggregateId, version } = event;
  const head = { eventId, aggregateType, aggregateId, version };
  const customerId = customerOfEvent(event);
  if (customerId === undefined) return { ...commit, events: [{ ...head, body: JSON.stringify(event) }] };
  if (rows.customer?.erased === true || commit.erasedCustomerId !== undefined) {
    return { ...withoutPersonalData(commit), events: [{ ...head, body: encryptEvent(event, 'destroyed', chance) }] };
  }
  const { dataKey, ...customerKey } = await keyOf(customerId, rows.customerKey, masterKey, chance);
  const body = encryptEvent(event, dataKey, chance);
  return { ...commit, events: [{ ...head, body }], customerKey: { customerId, ...customerKey } };
}

/** The key to encrypt an event with: the customer's current key, or the new one that replaces it. */
async function keyOf(
  customerId: string,
  current: WrappedKey | undefined,
  masterKey: MasterKey,
  chance: Pick<Chance, 'randomBytes'>,
) {
  const usable = current && (await usableKey(customerId, current, masterKey));
  if (current !== undefined && usable !== undefined) return { ...current, isNew: false, dataKey: usable };
  const stored = await newDataKey(masterKey, chance);
  const replaces = current && { replaces: current.keyId };
  return { ...stored, isNew: true, ...replaces, dataKey: await unwrapDataKey(stored, masterKey) };
}

/**
 * Unwraps the current key. Undefined when it must be replaced, because the master key was rotated since, or because it is damaged: the
 * customer's commands must not fail for good. The replaced key is retired, so that a copy from a backup can repair it.
 */
async function usableKey(customerId: string, current: WrappedKey, masterKey: MasterKey): Promise<DataKey | undefined> {
  if (await isOutdated(current, masterKey)) return undefined;
  const dataKey = await unwrapDataKey(current, masterKey).catch(unlessDamaged);
  if (dataKey === undefined) {
    const { keyId } = current;
    console.error(
      logLine(`The data key of customer ${customerId} is damaged: a new key replaces it.`, { customerId, keyId }),
    );
  }
  return dataKey;
}

/** An erased customer's order can still be shipped or cancelled, for example. The personal data in such an event is not stored. */
function withoutPersonalData<Commit extends { readonly order?: OrderRow }>(commit: Commit): Commit {
  const { order } = commit;
  if (order === undefined || order.tracking === null) return commit;
  return { ...commit, order: { ...order, tracking: { ...order.tracking, ...ERASED_SHIPMENT } } };
}
