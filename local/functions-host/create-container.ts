import type { BlobContainer } from '../storage/blob-container.ts';

const creating = new Map<string, Promise<unknown>>();

/**
 * Creates a container if it does not exist. All triggers create theirs when the host starts: concurrent calls for a container share one request.
 * @param signal ends the wait
 */
export async function createContainer(container: BlobContainer, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const created = creating.get(container.url) ?? create(container);
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    await Promise.race([created, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function create(container: BlobContainer): Promise<unknown> {
  const created = container.create().finally(() => creating.delete(container.url));
  creating.set(container.url, created);
  return created;
}
