import { type Container, ErrorResponse } from '@azure/cosmos';

/** The ETag has changed (optimistic concurrency). */
const PRECONDITION_FAILED = 412;

/**
 * Replaces a document unless it has changed since it was read. Throws the errors of the database.
 * @returns the new ETag; undefined when the document has changed (an ETag conflict)
 */
export async function replaceIfUnchanged<Document extends { readonly id: string }>(
  container: Container,
  document: Document,
  { partitionKey, etag }: { readonly partitionKey: string; readonly etag: string },
): Promise<string | undefined> {
  const accessCondition = { type: 'IfMatch', condition: etag };
  try {
    return (await container.item(document.id, partitionKey).replace({ ...document }, { accessCondition })).etag;
  } catch (error) {
    if (error instanceof ErrorResponse && error.code === PRECONDITION_FAILED) return undefined;
    throw error;
  }
}
