/** Bulk: up to 100 independent operations, each on its own logical partition and with its own outcome. */
import {
  type BatchOperation,
  failedDependency,
  isFailure,
  type OperationAnswer,
  operationAnswer,
  runOperation,
} from './batch-operation.ts';
import type { ContainerDocuments } from './container-documents.ts';
import { refuse } from './document-operations.ts';
import type { StatusFault } from './faults.ts';
import { canonicalKey } from './partition-key-hash.ts';
import type { PartitionKeyRange } from './physical-partitions.ts';
import type { Budget } from './throughput.ts';

export interface BulkOptions {
  /** False: what comes after the first failure is not tried. */
  readonly continueOnError: boolean;
  /** True leaves out the documents that were written. */
  readonly minimal: boolean;
  /** Hits the first `bulkOperations` operations. */
  readonly fault: StatusFault | undefined;
  /** The physical partition that the client has sent the operations to; any when it names none. */
  readonly range: PartitionKeyRange | undefined;
  /** The request units of a physical partition, by its id. */
  readonly budgetOf: (rangeId: string) => Budget;
}

export function runBulk(
  documents: ContainerDocuments,
  operations: readonly BatchOperation[],
  options: BulkOptions,
): readonly OperationAnswer[] {
  const answers: OperationAnswer[] = [];
  for (const [index, operation] of operations.entries()) {
    const stopped = !options.continueOnError && answers.some(isFailure);
    answers.push(stopped ? failedDependency : runOne(documents, operation, index, options));
  }
  return answers;
}

function runOne(
  documents: ContainerDocuments,
  operation: BatchOperation,
  index: number,
  { fault, minimal, range, budgetOf }: BulkOptions,
): OperationAnswer {
  if (fault !== undefined && index < (fault.bulkOperations ?? 0)) return faultAnswer(fault);
  if (operation.partitionKey === undefined) {
    return operationAnswer(operation, refuse(400, 'An operation in a bulk needs its partition key.'), minimal);
  }
  const key = canonicalKey(operation.partitionKey);
  const { id } = documents.rangeOf(key);
  if (range !== undefined && range.id !== id) {
    return operationAnswer(operation, refuse(410, `The partition key is not in the range ${range.id}.`), minimal);
  }
  const budget = budgetOf(id);
  const retryAfterMs = budget.retryAfterMs();
  if (retryAfterMs !== undefined) return throttledAnswer(retryAfterMs);
  const answer = operationAnswer(operation, runOperation(documents.partition(key), operation), minimal);
  budget.spend(answer.requestCharge);
  return answer;
}

function throttledAnswer(retryAfterMilliseconds: number): OperationAnswer {
  const message = 'The request rate is too large.';
  return { statusCode: 429, subStatusCode: 3200, requestCharge: 0, message, retryAfterMilliseconds };
}

function faultAnswer({ status, retryAfterMs }: StatusFault): OperationAnswer {
  return {
    statusCode: status,
    requestCharge: 0,
    message: `Injected fault ${status}.`,
    ...(status === 429 ? { subStatusCode: 3200 } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMilliseconds: retryAfterMs }),
  };
}
