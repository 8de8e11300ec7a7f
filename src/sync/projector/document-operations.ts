import type { JSONObject, OperationInput, OperationResponse } from '@azure/cosmos';
import * as z from 'zod';
import { TransientFault } from './bulk.ts';
import type { PartitionWrite, StoredDocument, WriteOutcome } from './document-store.ts';

/** The document in the response to a read; undefined when there is none. */
export function toStored<Document>(
  id: string,
  response: OperationResponse | undefined,
): StoredDocument<Document> | undefined {
  if (response?.statusCode === 404) return undefined;
  const { eTag, resourceBody } = response ?? {};
  if (eTag === undefined || resourceBody === undefined) {
    throw new Error(`Reading document ${id} failed with status ${response?.statusCode}.`);
  }
  // Only this read model's projection writes to its container.
  return { document: resourceBody as Document, etag: eTag };
}

/** The operations of a write. Each is conditional on the document being as it was read. */
export function toOperations<Document>(
  { documents }: PartitionWrite<Document>,
  partitionKey: string | string[],
  now: number,
): readonly OperationInput[] {
  return documents.map(({ id, document, stored }) => {
    if (document === undefined) return withEtag({ operationType: 'Delete', id, partitionKey }, stored?.etag);
    // The SDK accepts anything that JSON.stringify does, but its type requires an index signature.
    const resourceBody = { ...document, ...stampOf(document, stored?.document, now) } as JSONObject;
    if (stored === undefined) return { operationType: 'Create', partitionKey, resourceBody };
    return { operationType: 'Replace', id, partitionKey, resourceBody, ifMatch: stored.etag };
  });
}

/** The SDK sends the ETag of a deletion, too, but its type lacks it. */
const withEtag = <Operation>(operation: Operation, ifMatch: string | undefined): Operation => ({
  ...operation,
  ifMatch,
});

/**
 * What the store adds to a document. When this version of the document was first written (`projectedAt`), and how often it was rewritten since with the same version
 * (`revision`, absent at first): for a late history entry, a change of its customer, or a new version of the projection. And the seconds
 * that are left until `expiresAt` (`ttl`): a document that a replay writes later than that is gone at once.
 * @param now milliseconds since 1970
 */
export function stampOf(document: unknown, stored: unknown, now: number) {
  const before = stamps.parse(stored ?? {});
  const { version, expiresAt } = stamps.parse(document);
  const ttl = expiresAt === undefined ? undefined : Math.max(1, Math.ceil((Date.parse(expiresAt) - now) / 1_000));
  if (stored === undefined || version !== before.version) {
    return { projectedAt: new Date(now).toISOString(), revision: undefined, ttl };
  }
  return { projectedAt: before.projectedAt, revision: (before.revision ?? 0) + 1, ttl };
}

const stamps = z.object({
  version: z.number().optional(),
  projectedAt: z.string().optional(),
  revision: z.number().optional(),
  expiresAt: z.string().optional(),
});

/** Created or replaced by another writer, or deleted since the read. */
const CONFLICTS = new Set([404, 409, 412]);
/** In a batch: not executed, because another operation failed. */
const FAILED_DEPENDENCY = 424;

/** The outcome of the operations of one write. Throws TransientFault. */
export function toOutcome(responses: readonly (Pick<OperationResponse, 'statusCode'> | undefined)[]): WriteOutcome {
  const statuses = responses.map((response) => response?.statusCode ?? 0).filter((code) => code !== FAILED_DEPENDENCY);
  if (statuses.every((status) => status >= 200 && status < 300)) return 'written';
  if (statuses.some((status) => CONFLICTS.has(status))) return 'conflict';
  const failed = statuses.find((status) => status >= 300);
  if (failed === 413) return { refused: 'the document is larger than 2 MB' };
  if (failed === 400) return { refused: 'the database rejected the document as invalid' };
  throw new TransientFault(`A write failed with status ${failed}.`);
}
