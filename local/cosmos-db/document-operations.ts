/**
 * What one operation does to one logical partition, alike for a plain request, inside a bulk and inside an atomic batch.
 * Statuses: https://learn.microsoft.com/rest/api/cosmos-db/http-status-codes-for-cosmosdb
 */
import type { Partition } from './container-documents.ts';
import { applyPatch } from './patch.ts';
import { isJsonObject, type Json, type StoredDocument } from './stored-document.ts';

export interface OperationResult {
  readonly status: number;
  readonly document?: StoredDocument;
  /** Size of what was read or written, for the charge. */
  readonly bytes: number;
  /** Index terms that a write has added or removed, for the charge. Default: none. */
  readonly terms?: number;
  readonly message?: string;
}

/** Etags as they stand in If-Match and If-None-Match; `*` is any document. */
export interface Conditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;
const MAX_ID_BYTES = 1023;

export function refuse(status: number, message: string): OperationResult {
  return { status, message, bytes: 0 };
}

/** 200; 304 when the etag is the one the caller has; 404. */
export function readDocument(partition: Partition, id: string, { ifNoneMatch }: Conditions = {}): OperationResult {
  const document = partition.get(id);
  if (document === undefined) return notFound();
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, document)) return { status: 304, bytes: document.bytes };
  return { status: 200, document, bytes: document.bytes };
}

/** 201; 409 when the id is taken; 400, 413 for a body that cannot be stored. */
export function createDocument(partition: Partition, body: unknown): OperationResult {
  const checked = checkBody(partition, body);
  if ('refused' in checked) return checked.refused;
  if (partition.get(checked.id) !== undefined) {
    return refuse(409, 'Resource with specified id or name already exists.');
  }
  return store(partition, checked.body, undefined);
}

/**
 * 200 replaced, 201 created; 412 when the document is there with another etag. Without a document If-Match is ignored, as in
 * the cloud: https://github.com/Azure/azure-sdk-for-java/pull/43717
 */
export function upsertDocument(partition: Partition, body: unknown, { ifMatch }: Conditions = {}): OperationResult {
  const checked = checkBody(partition, body);
  if ('refused' in checked) return checked.refused;
  const previous = partition.get(checked.id);
  if (previous !== undefined && !meets(ifMatch, previous)) return preconditionFailed();
  return store(partition, checked.body, previous);
}

export interface ReplaceInput extends Conditions {
  readonly id: string;
  readonly body: unknown;
}

/** 200; 404; 412 for another etag; 400 when the body has another id or partition key. */
export function replaceDocument(partition: Partition, { id, body, ifMatch }: ReplaceInput): OperationResult {
  const checked = checkBody(partition, body);
  if ('refused' in checked) return checked.refused;
  if (checked.id !== id) return refuse(400, 'The id of a document cannot be changed.');
  const previous = partition.get(id);
  if (previous === undefined) return notFound();
  if (!meets(ifMatch, previous)) return preconditionFailed();
  return store(partition, checked.body, previous);
}

/** 204; 404; 412 for another etag. */
export function deleteDocument(partition: Partition, id: string, { ifMatch }: Conditions = {}): OperationResult {
  const previous = partition.get(id);
  if (previous === undefined) return notFound();
  if (!meets(ifMatch, previous)) return preconditionFailed();
  partition.remove(id);
  return { status: 204, bytes: previous.bytes, terms: partition.countTerms(previous.value, undefined) };
}

/** 200; 404; 412 for another etag or an unmet condition; 400 for operations that cannot be applied. */
export function patchDocument(partition: Partition, { id, body, ifMatch }: ReplaceInput): OperationResult {
  const previous = partition.get(id);
  if (previous === undefined) return notFound();
  if (!meets(ifMatch, previous)) return preconditionFailed();
  const patched = applyPatch(previous.value, body);
  if (patched.kind === 'condition-unmet') return preconditionFailed();
  if (patched.kind === 'invalid') return refuse(400, patched.message);
  return replaceDocument(partition, { id, body: patched.value });
}

/** 201 for a new document, else 200. */
function store(partition: Partition, body: Json, previous: StoredDocument | undefined): OperationResult {
  const document = partition.stamp(body, previous);
  if (document.bytes > MAX_DOCUMENT_BYTES)
    return refuse(413, 'Request size is too large: a document has at most 2 MB.');
  partition.put(document);
  const terms = partition.countTerms(previous?.value, document.value);
  return { status: previous === undefined ? 201 : 200, document, bytes: document.bytes, terms };
}

type CheckedBody = { readonly id: string; readonly body: Json } | { readonly refused: OperationResult };

function checkBody(partition: Partition, body: unknown): CheckedBody {
  if (!isJsonObject(body) || typeof body.id !== 'string' || body.id === '') {
    return { refused: refuse(400, 'The input content is invalid because the required property id is missing.') };
  }
  if (/[/\\]/.test(body.id) || Buffer.byteLength(body.id) > MAX_ID_BYTES) {
    return { refused: refuse(400, 'An id has no / and no \\ and at most 1023 bytes.') };
  }
  if (!partition.owns(body)) {
    return {
      refused: refuse(400, 'PartitionKey extracted from document does not match the one specified in the header.'),
    };
  }
  return { id: body.id, body };
}

function meets(ifMatch: string | undefined, document: StoredDocument): boolean {
  return ifMatch === undefined || matches(ifMatch, document);
}

function matches(etag: string, document: StoredDocument): boolean {
  return etag === '*' || etag === document.etag;
}

function notFound(): OperationResult {
  return refuse(404, 'Entity with the specified id does not exist in the system.');
}

function preconditionFailed(): OperationResult {
  return refuse(412, 'Operation cannot be performed because one of the specified precondition is not met.');
}
