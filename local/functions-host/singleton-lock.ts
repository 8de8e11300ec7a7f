import { setTimeout as sleep } from 'node:timers/promises';
import type { BlobLeaseClient } from '@azure/storage-blob';
import { BlobServiceClient, RestError } from './azure-sdks.ts';
import { createContainer } from './create-container.ts';
import type { Log } from './log.ts';

/** The container of the real host's lock blobs: https://learn.microsoft.com/azure/azure-functions/storage-considerations#storage-account-guidance */
const CONTAINER = 'azure-webjobs-hosts';
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

/** Returns undefined while another process holds the lease. */
async function acquireLease({ connectionString, name, stopping }: SingletonLock): Promise<BlobLeaseClient | undefined> {
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient(CONTAINER);
  const blob = container.getBlockBlobClient(`locks/${name}`);
  const lease = blob.getBlobLeaseClient();
  const abortSignal = stopping;
  await createContainer(container, stopping);
  await blob.upload('', 0, { conditions: { ifNoneMatch: '*' }, abortSignal }).catch(ignoreConflict);
  try {
    await lease.acquireLease(LEASE_SECONDS, { abortSignal });
    return lease;
  } catch (error) {
    ignoreConflict(error);
    return undefined;
  }
}

/** 409: the blob exists or is leased. 412: the write needs the lease ID. Rethrows every other error. */
function ignoreConflict(error: unknown): void {
  const isConflict = error instanceof RestError && (error.statusCode === 409 || error.statusCode === 412);
  if (!isConflict) throw error;
}

async function holdLease(
  lease: BlobLeaseClient,
  stopping: AbortSignal,
  task: (ended: AbortSignal) => Promise<void>,
): Promise<void> {
  const lost = new AbortController();
  const renewal = setInterval(() => {
    lease.renewLease().catch((error: unknown) => lost.abort(error));
  }, RENEW_MS);
  try {
    await task(AbortSignal.any([stopping, lost.signal]));
  } finally {
    clearInterval(renewal);
    await lease.releaseLease().catch(() => undefined); // fails when the lease was lost
  }
}
