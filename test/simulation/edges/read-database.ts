import { runAtomicBatch } from '../../../local/cosmos-db/atomic-batch.ts';
import {
  type BatchOperation,
  failedDependency,
  operationAnswer,
  runOperation,
} from '../../../local/cosmos-db/batch-operation.ts';
import { ContainerDocuments } from '../../../local/cosmos-db/container-documents.ts';
import { memoryStore } from '../../../local/cosmos-db/document-store.ts';
import { PhysicalPartitions } from '../../../local/cosmos-db/physical-partitions.ts';
import type { Json } from '../../../local/cosmos-db/stored-document.ts';
import { CONTAINERS, type Container, pathsOf } from '../../../src/shared/read-models/containers.ts';
import type { World } from '../kernel/world.ts';

/** The documents of all containers, in the engine of the stand-in, which its own tests hold against the SDK. */
export class SimulatedReadDatabase {
  readonly #containers: ReadonlyMap<string, ContainerDocuments>;

  /** Containers that have lost their documents. */
  readonly cleared = new Set<string>();

  constructor(world: Pick<World, 'time'>) {
    this.#containers = new Map(CONTAINERS.map((container) => [container.name, documentsOf(container, world)]));
  }

  documents(container: string): ContainerDocuments {
    const documents = this.#containers.get(container);
    if (documents === undefined) throw new Error(`There is no container ${container}.`);
    return documents;
  }

  /** Removes all documents of a container. */
  clear(container: string): void {
    this.cleared.add(container);
    const documents = this.documents(container);
    for (const { id, value } of [...documents.all()]) documents.partition(documents.partitionKeyOf(value)).remove(id);
  }

  /** All documents of a container, as the database keeps them. */
  all(container: string): readonly Json[] {
    return Array.from(this.documents(container).all(), ({ value }) => value);
  }
}

function documentsOf(container: Container, world: Pick<World, 'time'>): ContainerDocuments {
  const { name } = container;
  const documents = new ContainerDocuments({
    rid: `${name}-`,
    self: `${name}/`,
    partitionKeyPaths: pathsOf(container),
    store: memoryStore.container(name),
    partitions: new PhysicalPartitions(1),
    now: () => world.time,
  });
  documents.defaultTtl = container.defaultTtl;
  // Only request charges depend on it.
  documents.countTerms = () => 0;
  return documents;
}

/** An operation of a bulk or a batch as the SDK gets it. */
export interface SdkOperation {
  readonly operationType: string;
  readonly partitionKey?: unknown;
  readonly id?: string;
  readonly ifMatch?: string;
  readonly resourceBody?: unknown;
}

export type Answer = ReturnType<typeof operationAnswer>;

const keyOf = (partitionKey: unknown): string => JSON.stringify([partitionKey].flat());

/** A copy, as the network makes one. */
const copied = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

/** The answer as the network delivers it. Only reads need a copy, because the apps keep no document from the answer to a write. */
const answerTo = ({ operationType }: BatchOperation, answer: Answer): Answer =>
  operationType === 'Read' ? copied(answer) : answer;

function run(documents: ContainerDocuments, partitionKey: string, operation: BatchOperation): Answer {
  const result = runOperation(documents.partition(partitionKey), operation);
  return answerTo(operation, operationAnswer(operation, result, false));
}

/** Runs one operation of a bulk. */
export function runInBulk(documents: ContainerDocuments, operation: SdkOperation): Answer {
  return run(documents, keyOf(operation.partitionKey), toBatchOperation(operation));
}

/** Runs a transactional batch: all of its operations, or none. */
export function runInBatch(
  documents: ContainerDocuments,
  operations: readonly SdkOperation[],
  partitionKey: unknown,
): readonly Answer[] {
  const sent = operations.map(toBatchOperation);
  const answers = runAtomicBatch(documents.partition(keyOf(partitionKey)), sent, false);
  return sent.map((operation, index) => answerTo(operation, answers[index] ?? failedDependency));
}

/** Runs one operation on its own. */
export function runAlone(documents: ContainerDocuments, operation: SdkOperation): Answer {
  const own = documents.partitionKeyOf(isRecord(operation.resourceBody) ? operation.resourceBody : {});
  const partitionKey = operation.partitionKey === undefined ? own : keyOf(operation.partitionKey);
  return run(documents, partitionKey, toBatchOperation(operation));
}

function toBatchOperation({ operationType, id = '', ifMatch, resourceBody }: SdkOperation): BatchOperation {
  const conditions = ifMatch === undefined ? {} : { ifMatch };
  switch (operationType) {
    case 'Create':
    case 'Upsert':
      return { operationType, resourceBody: copied(resourceBody), ...conditions };
    case 'Replace':
    case 'Patch':
      return { operationType, id, resourceBody: copied(resourceBody), ...conditions };
    case 'Read':
      return { operationType, id };
    case 'Delete':
      return { operationType, id, ...conditions };
    default:
      throw new Error(`There is no operation ${operationType}.`);
  }
}

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null;
