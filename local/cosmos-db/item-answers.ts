/** Answers requests on documents: plain ones, queries, bulks and atomic batches. */
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { runAtomicBatch } from './atomic-batch.ts';
import { batchStatus, type OperationAnswer, operationsSchema } from './batch-operation.ts';
import { runBulk } from './bulk.ts';
import { type ContainerDocuments, canonicalKey, isJsonObject, type Partition } from './container-documents.ts';
import {
  createDocument,
  deleteDocument,
  type OperationResult,
  patchDocument,
  readDocument,
  replaceDocument,
  upsertDocument,
} from './document-operations.ts';
import type { StatusFault } from './faults.ts';
import { type Answer, header, isTrue, problem } from './http-exchange.ts';
import type { RequestTarget } from './item-request.ts';
import { AS_MANY_AS_FIT, type QueryRequest, runQuery } from './query.ts';
import { queryCharge, readCharge, writeCharge } from './request-charge.ts';

export interface ItemRequest {
  readonly http: IncomingMessage;
  readonly target: RequestTarget;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
  readonly documents: ContainerDocuments;
  readonly compositeIndexes: QueryRequest['compositeIndexes'];
  /** A fault inside a bulk. */
  readonly fault: StatusFault | undefined;
}

const PARTITION_KEY_HEADER = 'x-ms-documentdb-partitionkey';
const MAX_REQUEST_BYTES = 2 * 1024 * 1024;
const DEFAULT_PAGE = 100;

/** Runs without giving way: requests do not interleave. */
export function answerItemRequest(request: ItemRequest): Answer {
  switch (request.target.operation) {
    case 'Query':
      return answerQuery(request);
    case 'Bulk':
      return answerBulk(request);
    case 'Batch':
      return answerAtomicBatch(request);
    default:
      return answerDocumentRequest(request);
  }
}

function answerDocumentRequest(request: ItemRequest): Answer {
  const key = partitionKey(request);
  if (key === undefined) return problem(400, 'The partition key is missing.');
  const isRead = request.target.operation === 'Read';
  const result = runDocumentRequest(request, request.documents.partition(key));
  const requestCharge = isRead ? readCharge(result.bytes) : writeCharge(result.bytes);
  if (result.message !== undefined) return { ...problem(result.status, result.message), requestCharge };
  if (result.document === undefined) return { status: result.status, requestCharge };
  const { value, etag } = result.document;
  return { status: result.status, requestCharge, body: value, headers: { etag } };
}

function runDocumentRequest({ http, target, body }: ItemRequest, partition: Partition): OperationResult {
  const conditions = { ifMatch: header(http, 'if-match'), ifNoneMatch: header(http, 'if-none-match') };
  const id = target.documentId ?? '';
  switch (target.operation) {
    case 'Create':
      return createDocument(partition, body);
    case 'Upsert':
      return upsertDocument(partition, body, conditions);
    case 'Replace':
      return replaceDocument(partition, { id, body, ...conditions });
    case 'Patch':
      return patchDocument(partition, { id, body, ...conditions });
    case 'Delete':
      return deleteDocument(partition, id, conditions);
    default:
      return readDocument(partition, id, conditions);
  }
}

/** From the header; for a new document without one, from its body. */
function partitionKey({ http, body, documents }: ItemRequest): string | undefined {
  const key = header(http, PARTITION_KEY_HEADER);
  if (key !== undefined) return canonicalKey(key);
  return isJsonObject(body) ? documents.partitionKeyOf(body) : undefined;
}

const querySchema = z.object({
  query: z.string(),
  parameters: z.array(z.object({ name: z.string(), value: z.unknown() })).default([]),
});

function answerQuery({ http, body, documents, compositeIndexes }: ItemRequest): Answer {
  if (header(http, 'a-im') !== undefined) return problem(501, 'The change feed is not supported.');
  const parsed = querySchema.safeParse(http.method === 'GET' ? { query: 'SELECT * FROM c' } : body);
  if (!parsed.success) return problem(400, z.prettifyError(parsed.error));
  const key = header(http, PARTITION_KEY_HEADER);
  const stored = key === undefined ? documents.all() : documents.inPartition(canonicalKey(key));
  const pageSize = Number(header(http, 'x-ms-max-item-count') ?? DEFAULT_PAGE);
  try {
    const { results, continuation } = runQuery(
      Array.from(stored, (document) => document.value),
      {
        query: parsed.data.query,
        parameters: parsed.data.parameters,
        maxItemCount: pageSize > 0 ? pageSize : AS_MANY_AS_FIT,
        continuation: header(http, 'x-ms-continuation'),
        compositeIndexes,
      },
    );
    return queryAnswer(results, continuation);
  } catch (error) {
    return problem(400, `The query cannot be run: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function queryAnswer(results: readonly unknown[], continuation: string | undefined): Answer {
  return {
    status: 200,
    requestCharge: queryCharge(Buffer.byteLength(JSON.stringify(results))),
    body: { Documents: results, _count: results.length },
    headers: {
      'x-ms-item-count': String(results.length),
      ...(continuation === undefined ? {} : { 'x-ms-continuation': continuation }),
    },
  };
}

function answerBulk({ http, body, documents, fault }: ItemRequest): Answer {
  const operations = operationsSchema.safeParse(body);
  if (!operations.success) return problem(400, z.prettifyError(operations.error));
  const continueOnError = isTrue(http, 'x-ms-cosmos-batch-continue-on-error');
  return batchAnswer(runBulk(documents, operations.data, { continueOnError, minimal: wantsMinimal(http), fault }));
}

function answerAtomicBatch(request: ItemRequest): Answer {
  const { http, body, documents } = request;
  if (Number(header(http, 'content-length') ?? 0) > MAX_REQUEST_BYTES) {
    return problem(413, 'Request size is too large: a batch has at most 2 MB.');
  }
  const operations = operationsSchema.safeParse(body);
  if (!operations.success) return problem(400, z.prettifyError(operations.error));
  const key = partitionKey(request);
  if (key === undefined) return problem(400, 'The partition key is missing.');
  if (operations.data.some(({ partitionKey: own }) => own !== undefined && canonicalKey(own) !== key)) {
    return problem(400, 'All operations of a batch must have the same partition key.');
  }
  return batchAnswer(runAtomicBatch(documents.partition(key), operations.data, wantsMinimal(http)));
}

function batchAnswer(answers: readonly OperationAnswer[]): Answer {
  const requestCharge = answers.reduce((sum, answer) => sum + answer.requestCharge, 0);
  return { status: batchStatus(answers), requestCharge: Math.round(requestCharge * 100) / 100, body: answers };
}

function wantsMinimal(request: IncomingMessage): boolean {
  return header(request, 'prefer') === 'return=minimal';
}
