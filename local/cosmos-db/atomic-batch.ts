/**
 * TransactionalBatch: up to 100 operations on one logical partition, all or nothing.
 * https://learn.microsoft.com/azure/cosmos-db/nosql/transactional-batch
 *
 * Operations run one after the other, without giving way in between, on a staged copy of the partition that is taken over only
 * when all of them succeeded: no other request can see or interleave with half a batch.
 */
import {
  type BatchOperation,
  failedDependency,
  isFailure,
  type OperationAnswer,
  operationAnswer,
  runOperation,
} from './batch-operation.ts';
import type { Partition } from './container-documents.ts';
import type { StoredDocument } from './stored-document.ts';

/** On a failure its operation has its own status and every other one 424. */
export function runAtomicBatch(
  partition: Partition,
  operations: readonly BatchOperation[],
  minimal: boolean,
): readonly OperationAnswer[] {
  const staged = stage(partition);
  const answers: OperationAnswer[] = [];
  for (const operation of operations) {
    const answer = operationAnswer(operation, runOperation(staged.partition, operation), minimal);
    if (isFailure(answer)) return operations.map((other) => (other === operation ? answer : failedDependency));
    answers.push(answer);
  }
  staged.commit();
  return answers;
}

function stage(partition: Partition): { readonly partition: Partition; commit(): void } {
  const changed = new Map<string, StoredDocument | undefined>();
  const writes: (() => void)[] = [];
  return {
    partition: {
      ...partition,
      get: (id) => (changed.has(id) ? changed.get(id) : partition.get(id)),
      put: (document) => {
        changed.set(document.id, document);
        writes.push(() => partition.put(document));
      },
      remove: (id) => {
        changed.set(id, undefined);
        writes.push(() => partition.remove(id));
      },
    },
    // In the order of the operations, because new documents have ascending resource ids.
    commit: () => {
      for (const write of writes) write();
    },
  };
}
