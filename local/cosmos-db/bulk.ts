/** Bulk: up to 100 independent operations, each on its own logical partition and with its own outcome. */
import {
  type BatchOperation,
  failedDependency,
  isFailure,
  type OperationAnswer,
  operationAnswer,
  runOperation,
} from './batch-operation.ts';
import { type ContainerDocuments, canonicalKey } from './container-documents.ts';
import { refuse } from './document-operations.ts';
import type { StatusFault } from './faults.ts';

export interface BulkOptions {
  /** False: what comes after the first failure is not tried. */
  readonly continueOnError: boolean;
  /** True leaves out the documents that were written. */
  readonly minimal: boolean;
  /** Hits the first `bulkOperations` operations. */
  readonly fault: StatusFault | undefined;
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
  { fault, minimal }: BulkOptions,
): OperationAnswer {
  if (fault !== undefined && index < (fault.bulkOperations ?? 0)) return faultAnswer(fault);
  if (operation.partitionKey === undefined) {
    return operationAnswer(operation, refuse(400, 'An operation in a bulk needs its partition key.'), minimal);
  }
  const partition = documents.partition(canonicalKey(operation.partitionKey));
  return operationAnswer(operation, runOperation(partition, operation), minimal);
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
