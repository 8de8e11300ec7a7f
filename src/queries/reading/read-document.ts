import type { Container } from '@azure/cosmos';
import { unavailable } from '../../shared/http/problem.ts';
import type { Clock } from '../../shared/runtime.ts';

/** The fields of every document of a read model. */
export interface ReadModelDocument {
  readonly version: number;
  /** Timestamp of the newest projected event, ISO 8601 UTC. */
  readonly lastUpdated: string;
  /** When the sync app first wrote this version, ISO 8601 UTC. */
  readonly projectedAt: string;
  /** How often it was rewritten in this version; absent at first. */
  readonly revision?: number;
}

/** Time (ms) between two polls: short at first, because most writes arrive soon. */
const FIRST_POLL_MS = 10;
const MAX_POLL_MS = 500;

/** Reads a document with one point read. Returns undefined when it does not exist. Throws Problem `unavailable`. */
export async function readDocument<Document>(
  container: Container,
  id: string,
  partitionKey: string,
): Promise<(Document & ReadModelDocument) | undefined> {
  const { resource } = await container
    .item(id, partitionKey)
    .read<Document & ReadModelDocument>()
    .catch(unavailable('The read model cannot be read at the moment: try again.'));
  return resource;
}

/**
 * Polls a document until it is as the client wants it. Calls `read` at least once.
 * @param waitMs how long to wait
 * @returns the newest document seen, however it is when the time is over
 */
export async function waitUntil<Document>(
  read: () => Promise<Document | undefined>,
  isDone: (document: Document | undefined) => boolean,
  waitMs: number,
  { monotonicMs, delay }: Pick<Clock, 'monotonicMs' | 'delay'>,
): Promise<Document | undefined> {
  const deadline = monotonicMs() + waitMs;
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 2, MAX_POLL_MS)) {
    const document = await read();
    const left = deadline - monotonicMs();
    if (isDone(document) || left <= 0) return document;
    await delay(Math.min(pollMs, left));
  }
}
