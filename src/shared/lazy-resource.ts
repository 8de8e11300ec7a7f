/** A resource that is opened on first use. */
export interface LazyResource<Value> {
  /** Returns the resource, and opens it when it is not open. Rejects when opening fails; the next call retries. */
  get(): Promise<Value>;
  /** Closes the resource if it was opened. The next call of `get` opens it again. */
  close(): Promise<void>;
}

/** Opens a resource on first use. Concurrent callers share one attempt; after a failure, the next call retries. */
export function lazyResource<Value extends { close(): Promise<void> }>(
  open: () => Promise<Value>,
): LazyResource<Value> {
  let opened: Promise<Value> | undefined;
  return {
    get: () => {
      opened ??= open().catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return opened;
    },
    close: async () => {
      const closing = opened;
      opened = undefined;
      await (await closing)?.close();
    },
  };
}
