import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BlobContainer, isConflict, openContainer } from '../storage/blob-container.ts';
import { createContainer } from './create-container.ts';
import type { Log } from './log.ts';

/** The container of the real host's lock blobs: https://learn.microsoft.com/azure/azure-functions/storage-considerations#storage-account-guidance */
export const LOCK_CONTAINER = 'azure-webjobs-hosts';
/** The shortest possible lease. After a host is killed, another one takes over when it expires. */
const LEASE_SECONDS = 15;
/** Half of the lease, as in the real host. */
const RENEW_MS = 7_500;
const RETRY_MS = 1_000;

export interface SingletonLock {
  /** The blob is `locks/<name>`. */
  readonly name: string;
  readonly connectionString: string;
  readonly stopping: AbortSignal;
  readonly log: Log;
}

/**
 * Acquires the lease as soon as no other process holds it, runs a task while it is held, and acquires it again after losing it.
 * Ends when the host stops.
 * @param task receives a signal that aborts when the lease is lost or the host stops. The task must end soon after.
 */
export async function whileLockHeld(lock: SingletonLock, task: (ended: AbortSignal) => Promise<void>): Promise<void> {
  while (!lock.stopping.aborted) {
    try {
      const lease = await acquireLease(lock);
      if (lease !== undefined) await holdLease(lease, lock.stopping, task);
    } catch (error) {
      warn(lock, error);
    }
    await sleep(RETRY_MS, undefined, { signal: lock.stopping }).catch(() => undefined);
  }
}

function warn({ name, stopping, log }: SingletonLock, error: unknown): void {
  if (stopping.aborted) return;
  const reason = error instanceof Error ? error.message : String(error);
  log('warning', {
    source: 'host',
    category: 'Host.Singleton',
    message: `Cannot acquire the lock ${name}: ${reason}`,
  });
}

/** A lease of a blob. */
interface Lease {
  readonly container: BlobContainer;
  readonly blob: string;
  readonly id: string;
}

/** Returns undefined while another process holds the lease. */
async function acquireLease({ connectionString, name, stopping }: SingletonLock): Promise<Lease | undefined> {
  const container = openContainer(connectionString, LOCK_CONTAINER);
  const blob = `locks/${name}`;
  await createContainer(container, stopping);
  await container.put({ name: blob, ifNoneMatch: '*' }, stopping);
  const id = randomUUID();
  const answer = await container.acquireLease(blob, id, LEASE_SECONDS, stopping);
  return isConflict(answer) ? undefined : { container, blob, id };
}

/** @throws {Error} when the lease was lost */
async function renewLease({ container, blob, id }: Lease): Promise<void> {
  const answer = await container.renewLease(blob, id);
  if (isConflict(answer)) throw new Error('Another process holds the lease.');
}

async function holdLease(
  lease: Lease,
  stopping: AbortSignal,
  task: (ended: AbortSignal) => Promise<void>,
): Promise<void> {
  const lost = new AbortController();
  const renewal = setInterval(() => {
    renewLease(lease).catch((error: unknown) => lost.abort(error));
  }, RENEW_MS);
  try {
    await task(AbortSignal.any([stopping, lost.signal]));
  } finally {
    clearInterval(renewal);
    await lease.container.releaseLease(lease.blob, lease.id).catch(() => undefined); // fails when the lease was lost
  }
}
