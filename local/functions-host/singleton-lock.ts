import { setTimeout as sleep } from 'node:timers/promises';
import { type BlobLeaseClient, BlobServiceClient, RestError } from '@azure/storage-blob';
import type { Log } from './log.ts';

/** The real host's lock blobs: https://learn.microsoft.com/azure/azure-functions/storage-considerations#storage-account-guidance */
const CONTAINER = 'azure-webjobs-hosts';
/** The shortest lease; a host that was killed is replaced after it. */
const LEASE_SECONDS = 15;
const RENEW_MS = 5_000;
const RETRY_MS = 1_000;

export interface SingletonLock {
  /** Blob `locks/<name>` in the container of the hosts. */
  readonly name: string;
  readonly connectionString: string;
  readonly stopping: AbortSignal;
  readonly log: Log;
}

/**
 * Takes the lease of a lock as soon as no other process has it, runs a task as long as it is held, and begins anew when it is
 * lost; ends when the host stops.
 * @param task gets a signal that the lock is lost or the host stops; it must end soon after it.
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
    message: `The lock ${name} cannot be taken: ${reason}`,
  });
}

/** Undefined while another process has it. */
async function acquireLease({ connectionString, name, stopping }: SingletonLock): Promise<BlobLeaseClient | undefined> {
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient(CONTAINER);
  const blob = container.getBlockBlobClient(`locks/${name}`);
  const lease = blob.getBlobLeaseClient();
  const abortSignal = stopping;
  await container.createIfNotExists({ abortSignal });
  await blob.upload('', 0, { conditions: { ifNoneMatch: '*' }, abortSignal }).catch(unlessConflict);
  try {
    await lease.acquireLease(LEASE_SECONDS, { abortSignal });
    return lease;
  } catch (error) {
    unlessConflict(error);
    return undefined;
  }
}

/** 409: the blob exists, or its lease is taken; 412: it is written under a lease. */
function unlessConflict(error: unknown): void {
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
    await lease.releaseLease().catch(() => undefined); // a lease that was lost is gone already
  }
}
