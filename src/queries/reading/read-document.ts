import { setTimeout as delay } from 'node:timers/promises';
import type { Container } from '@azure/cosmos';
import { unavailable } from '../../shared/http/problem.ts';

/** What every document of a read model has. */
export interface ReadModelDocument {
  readonly version: number;
  /** Timestamp of the newest event in it, ISO 8601 UTC. */
  readonly lastUpdated: string;
  /** When the sync side wrote this version, ISO 8601 UTC. */
  readonly projectedAt: string;
  /** How often it was written anew in this version; none at first. */
  readonly revision?: number;
}

/** Longest time between two looks at a document that is waited for (ms). */
const MAX_POLL_MS = 200;

/** One point read. Undefined when there is no such document. Throws Problem `unavailable`. */
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
 * Reads until the document has a version, so that a client sees its own writes. Calls `read` at least once.
 * Returns the newest document seen, whatever its version, when the time (ms) is over.
 */
export async function waitForVersion<Document extends { readonly version: number }>(
  read: () => Promise<Document | undefined>,
  minVersion: number,
  waitMs: number,
): Promise<Document | undefined> {
  const deadline = performance.now() + waitMs;
  for (let pollMs = 10; ; pollMs = Math.min(pollMs * 2, MAX_POLL_MS)) {
    const document = await read();
    const left = deadline - performance.now();
    if ((document?.version ?? 0) >= minVersion || left <= 0) return document;
    await delay(Math.min(pollMs, left));
  }
}
