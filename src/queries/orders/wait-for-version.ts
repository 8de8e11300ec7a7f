import { type WaitRuntime, waitUntil } from '../reading/wait-until.ts';
import type { FoundOrder, OrderReader } from './order-reader.ts';

/** How an order is read once it has the version. */
export type Read = () => Promise<FoundOrder | undefined>;

interface AwaitedVersion {
  readonly version: number;
  readonly read: Read;
  /** Whether the order that was read is what the client waits for. */
  readonly isDone: (found: FoundOrder | undefined) => boolean;
  readonly waitMs: number;
}

/**
 * Waits until the read model has a version of an order, and reads the order then. While it waits, it looks for the version's history
 * entry, which is a small document or none. The order is read once more than that only when it is written after its entry.
 * @returns the order as it was last read, however it is when the time is over
 */
export async function waitForVersion(
  runtime: WaitRuntime,
  reader: OrderReader,
  { version, read, isDone, waitMs }: AwaitedVersion,
): Promise<FoundOrder | undefined> {
  const endsAt = runtime.monotonicMs() + waitMs;
  await waitUntil(() => reader.hasVersion(version), Boolean, endsAt, runtime);
  return waitUntil(read, isDone, endsAt, runtime);
}
