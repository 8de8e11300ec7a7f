/** Something that is opened at its first use. */
export interface Reopening<Value> {
  /** The value, opened when it is not. Rejects when it cannot be opened; the next call tries again. */
  get(): Promise<Value>;
  /** Closes the value if it was ever opened. */
  close(): Promise<void>;
}

/** Opens a value at its first use, for all callers at once, and again after a failure. */
export function reopening<Value extends { close(): Promise<void> }>(open: () => Promise<Value>): Reopening<Value> {
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
      await (await opened)?.close();
    },
  };
}
