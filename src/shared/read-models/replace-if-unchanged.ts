import { type Container, ErrorResponse } from '@azure/cosmos';

/** The document has another ETag by now (optimistic concurrency). */
const PRECONDITION_FAILED = 412;

/**
 * Replaces a document that nobody has changed since it was read. Faults of the database are thrown.
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
