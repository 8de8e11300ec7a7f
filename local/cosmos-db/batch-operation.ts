/** One operation inside a bulk or an atomic batch, and its part of the answer. */
import { z } from 'zod';
import type { Partition } from './container-documents.ts';
import {
  createDocument,
  deleteDocument,
  type OperationResult,
  patchDocument,
  readDocument,
  refuse,
  replaceDocument,
  upsertDocument,
} from './document-operations.ts';
import { chargeOf } from './request-charge.ts';

export const MAX_OPERATIONS = 100;

const etags = { ifMatch: z.string().optional(), ifNoneMatch: z.string().optional() };

const operationSchema = z.discriminatedUnion('operationType', [
  z.object({ operationType: z.enum(['Create', 'Upsert']), resourceBody: z.unknown(), ...etags }),
  z.object({ operationType: z.enum(['Replace', 'Patch']), id: z.string(), resourceBody: z.unknown(), ...etags }),
  z.object({ operationType: z.enum(['Read', 'Delete']), id: z.string(), ...etags }),
]);

/** `partitionKey` is JSON inside JSON: `"[\"c1\"]"`. */
export const operationsSchema = z
  .array(operationSchema.and(z.object({ partitionKey: z.string().optional() })))
  .min(1)
  .max(MAX_OPERATIONS);

export type BatchOperation = z.infer<typeof operationsSchema>[number];

/** As it stands in the answer's array, at the operation's place. */
export interface OperationAnswer {
  readonly statusCode: number;
  readonly requestCharge: number;
  readonly subStatusCode?: number;
  readonly retryAfterMilliseconds?: number;
  readonly message?: string;
  readonly eTag?: string;
  readonly resourceBody?: unknown;
}

export function runOperation(partition: Partition, operation: BatchOperation): OperationResult {
  switch (operation.operationType) {
    case 'Create':
      return createDocument(partition, operation.resourceBody);
    case 'Upsert':
      return upsertDocument(partition, operation.resourceBody, operation);
    case 'Read':
      return readDocument(partition, operation.id, operation);
    case 'Delete':
      return deleteDocument(partition, operation.id, operation);
    case 'Replace':
      return replaceDocument(partition, { ...operation, body: operation.resourceBody });
    case 'Patch':
      return patchDocument(partition, { ...operation, body: operation.resourceBody });
    default:
      return refuse(400, `Unknown operation ${JSON.stringify(operation satisfies never)}.`);
  }
}

/** @param minimal true leaves out the documents that were written (`Prefer: return=minimal`) */
export function operationAnswer(operation: BatchOperation, result: OperationResult, minimal: boolean): OperationAnswer {
  const isRead = operation.operationType === 'Read';
  const answer = {
    statusCode: result.status,
    requestCharge: chargeOf(isRead, result),
  };
  if (result.message !== undefined) return { ...answer, message: result.message };
  if (result.document === undefined) return answer;
  const { etag, value } = result.document;
  return { ...answer, eTag: etag, ...(minimal && !isRead ? {} : { resourceBody: value }) };
}

/** Of an operation that was not tried because another one failed. */
export const failedDependency: OperationAnswer = { statusCode: 424, requestCharge: 0 };

/** 207 when one failed, as .NET's TransactionalBatchResponse reads it from the wire. */
export function batchStatus(answers: readonly OperationAnswer[]): 200 | 207 {
  return answers.some(isFailure) ? 207 : 200;
}

export function isFailure({ statusCode }: Pick<OperationAnswer, 'statusCode'>): boolean {
  return statusCode >= 400;
}
