/** Answers requests on documents: plain ones, queries, bulks and atomic batches. */
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { runAtomicBatch } from './atomic-batch.ts';
import { batchStatus, type OperationAnswer, operationsSchema } from './batch-operation.ts';
import { runBulk } from './bulk.ts';
import type { ContainerDocuments, Partition } from './container-documents.ts';
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
import { canonicalKey } from './partition-key-hash.ts';
import type { QueryRequest } from './query.ts';
import { answerQuery } from './query-answers.ts';
import { PARTITION_KEY_HEADER, placeOf, RANGE_ID_HEADER, rangeGone, rangeRead } from './query-place.ts';
import { chargeOf } from './request-charge.ts';
import { isJsonObject } from './stored-document.ts';
import type { Budget } from './throughput.ts';

export interface ItemRequest {
  readonly http: IncomingMessage;
  readonly target: RequestTarget;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
  readonly documents: ContainerDocuments;
  readonly compositeIndexes: QueryRequest['compositeIndexes'];
  /** A fault inside a bulk. */
  readonly fault: StatusFault | undefined;
  /** The request units of a physical partition, by its id. */
  readonly budgetOf: (rangeId: string) => Budget;
}

const MAX_REQUEST_BYTES = 2 * 1024 * 1024;

/** Runs without giving way: requests do not interleave. */
export function answerItemRequest(request: ItemRequest): Answer {
  switch (request.target.operation) {
    case 'Query':
      return answerQueryRequest(request);
    case 'Bulk':
      return answerBulk(request);
    case 'Batch':
      return answerAtomicBatch(request);
    default:
      return answerDocumentRequest(request);
  }
}

function answerQueryRequest(request: ItemRequest): Answer {
  const place = placeOf(request);
  const range = rangeRead(place, request);
  const answer = () => answerQuery(place, request);
  return range === undefined ? answer() : withinBudget(request.budgetOf(range.id), answer);
}

/** 429 when the physical partition has used up its request units, else the answer. */
function withinBudget(budget: Budget, answer: () => Answer): Answer {
  const retryAfterMs = budget.retryAfterMs();
  if (retryAfterMs !== undefined) return throttled(retryAfterMs);
  const answered = answer();
  budget.spend(answered.requestCharge);
  return answered;
}

function throttled(retryAfterMs: number): Answer {
  const headers = { 'x-ms-substatus': '3200', 'x-ms-retry-after-ms': String(retryAfterMs) };
  return { ...problem(429, 'The request rate is too large.', headers), requestCharge: 0 };
}

function answerDocumentRequest(request: ItemRequest): Answer {
  const key = partitionKey(request);
  if (key === undefined) return problem(400, 'The partition key is missing.');
  const { documents, budgetOf } = request;
  return withinBudget(budgetOf(documents.rangeOf(key).id), () => documentAnswer(request, key));
}

function documentAnswer(request: ItemRequest, key: string): Answer {
  const isRead = request.target.operation === 'Read';
  const result = runDocumentRequest(request, request.documents.partition(key));
  const requestCharge = chargeOf(isRead, result);
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

function answerBulk({ http, body, documents, fault, budgetOf }: ItemRequest): Answer {
  const rangeId = header(http, RANGE_ID_HEADER);
  const range = rangeId === undefined ? undefined : documents.partitions.withId(rangeId);
  if (rangeId !== undefined && range === undefined) return rangeGone(rangeId);
  const operations = operationsSchema.safeParse(body);
  if (!operations.success) return problem(400, z.prettifyError(operations.error));
  const continueOnError = isTrue(http, 'x-ms-cosmos-batch-continue-on-error');
  const minimal = wantsMinimal(http);
  return batchAnswer(runBulk(documents, operations.data, { continueOnError, minimal, fault, range, budgetOf }));
}

function answerAtomicBatch(request: ItemRequest): Answer {
  const { http, body, documents, budgetOf } = request;
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
  return withinBudget(budgetOf(documents.rangeOf(key).id), () =>
    batchAnswer(runAtomicBatch(documents.partition(key), operations.data, wantsMinimal(http))),
  );
}

function batchAnswer(answers: readonly OperationAnswer[]): Answer {
  const requestCharge = answers.reduce((sum, answer) => sum + answer.requestCharge, 0);
  return { status: batchStatus(answers), requestCharge: Math.round(requestCharge * 100) / 100, body: answers };
}

function wantsMinimal(request: IncomingMessage): boolean {
  return header(request, 'prefer') === 'return=minimal';
}
