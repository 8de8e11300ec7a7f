import type { Container } from '@azure/cosmos';
import { unavailable } from '../../shared/http/problem.ts';
import type { ReadConsistency } from '../../shared/read-models/open-database.ts';

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

/** Reads a document with one point read. Returns undefined when it does not exist. Throws Problem `unavailable`. */
export async function readDocument<Document>(
  container: Container,
  id: string,
  partitionKey: string,
  consistency: ReadConsistency = {},
): Promise<(Document & ReadModelDocument) | undefined> {
  const { resource } = await container
    .item(id, partitionKey)
    .read<Document & ReadModelDocument>(consistency)
    .catch(unavailable('The read model cannot be read at the moment: try again.'));
  return resource;
}
