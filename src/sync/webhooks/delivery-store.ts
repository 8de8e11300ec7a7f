import type { Container, Database, OperationInput, OperationResponse } from '@azure/cosmos';
import { WEBHOOK_DELIVERIES } from '../../shared/read-models/containers.ts';
import { replaceIfUnchanged } from '../../shared/read-models/replace-if-unchanged.ts';
import type { Runtime } from '../../shared/runtime.ts';
import { runBatch, runBulk, TransientFault } from '../projector/bulk.ts';
import type { Delivery } from './delivery.ts';

/** The place of a pending delivery among those of its aggregate. */
export type Position = Pick<Delivery, 'id' | 'stream' | 'version' | 'dueAt'>;

/** The durable queue of messages for partners, a logical partition for each subscription. Methods throw TransientFault and the errors of the database. */
export interface DeliveryStore {
  /**
   * Queues messages of one subscription. A message that is queued or delivered already stays as it is. Returns false when the
   * subscription's queue is full (a logical partition holds 20 GB); some of the messages may be queued then.
   */
  add(deliveries: readonly Delivery[]): Promise<boolean>;
  /** Queues messages, again if they were queued or delivered before. */
  addAgain(deliveries: readonly Delivery[]): Promise<void>;
  /** Up to 100 pending messages that are due at a time (ISO 8601 UTC), the one that is due longest first. */
  due(webhookId: string, now: string): Promise<readonly Position[]>;
  /** All pending messages of aggregates. */
  pendingOf(webhookId: string, streams: readonly string[]): Promise<readonly Position[]>;
  countPending(webhookId: string): Promise<number>;
  /** Reads a message with its ETag. Undefined when it is gone. */
  read(webhookId: string, id: string): Promise<{ readonly delivery: Delivery; readonly etag: string } | undefined>;
  /** Stores a message unless it has changed since it was read. Returns false when it has. */
  replace(delivery: Delivery, etag: string): Promise<boolean>;
  /** Makes messages due at a later time (ISO 8601 UTC). */
  postpone(webhookId: string, ids: readonly string[], dueAt: string): Promise<void>;
}

/** Limits of a transactional batch, with room for what the database adds (https://learn.microsoft.com/azure/cosmos-db/concepts-limits). */
const MAX_BATCH = 100;
const MAX_BATCH_BYTES = 1_000_000;
const MAX_DUE = 100;
/** The logical partition has reached its maximum size. (A request without the right to write fails as a whole instead.) */
const FULL = 403;
/** Another operation of the batch has failed. */
const FAILED_DEPENDENCY = 424;
/** The fields of a position in a query. */
const POSITION = ['id', 'stream', 'version', 'dueAt'].map((field) => `c.${field}`).join(', ');

/** The queue in its Cosmos DB container. */
export function cosmosDeliveryStore(
  database: Database,
  runtime: Pick<Runtime, 'now' | 'delay' | 'random'>,
): DeliveryStore {
  const container = database.container(WEBHOOK_DELIVERIES.name);
  return {
    ...writes(container, runtime),
    due: (webhookId, now) => {
      const query = `SELECT TOP ${MAX_DUE} ${POSITION} FROM c
        WHERE c.status = 'pending' AND c.dueAt <= @now ORDER BY c.dueAt`;
      return find<Position>(container, webhookId, { query, parameters: [{ name: '@now', value: now }] });
    },
    pendingOf: (webhookId, streams) => {
      const query = `SELECT ${POSITION} FROM c
        WHERE c.status = 'pending' AND ARRAY_CONTAINS(@streams, c.stream)`;
      return find<Position>(container, webhookId, { query, parameters: [{ name: '@streams', value: [...streams] }] });
    },
    countPending: async (webhookId) => {
      const query = "SELECT VALUE COUNT(1) FROM c WHERE c.status = 'pending'";
      const counts = await find<number>(container, webhookId, { query, parameters: [] });
      return counts.reduce((sum, count) => sum + count, 0);
    },
    read: async (webhookId, id) => {
      const { resource, etag } = await container.item(id, webhookId).read<Delivery>();
      return resource && { delivery: resource, etag };
    },
    replace: async (delivery, etag) => {
      const place = { partitionKey: delivery.webhookId, etag };
      return (await replaceIfUnchanged(container, delivery, place)) !== undefined;
    },
  };
}

type Query = Exclude<Parameters<Container['items']['query']>[0], string>;

async function find<Result>(container: Container, partitionKey: string, query: Query): Promise<readonly Result[]> {
  return (await container.items.query<Result>(query, { partitionKey, maxItemCount: -1 }).fetchAll()).resources;
}

function writes(
  container: Container,
  runtime: Pick<Runtime, 'now' | 'delay' | 'random'>,
): Pick<DeliveryStore, 'add' | 'addAgain' | 'postpone'> {
  const run = async (partitionKey: string, operations: readonly OperationInput[]) =>
    operations.length === 0 ? [] : runBatch(container, { operations, partitionKey }, runtime);
  const unknown = async (deliveries: readonly Delivery[]) => {
    const reads = deliveries.map(({ id, webhookId }) => ({
      operationType: 'Read' as const,
      partitionKey: webhookId,
      id,
    }));
    const found = await runBulk(container, reads, runtime);
    return deliveries.filter((_, index) => found[index]?.statusCode !== 200);
  };
  return {
    add: async (deliveries) => {
      for (const { webhookId, batch } of batchesOf(distinct(deliveries))) {
        const operation = (delivery: Delivery) => ({
          operationType: 'Create' as const,
          resourceBody: { ...delivery },
        });
        // All or none, so that no message is delivered before an earlier one of its aggregate is queued.
        let results = await run(webhookId, batch.map(operation));
        if (results.some(({ statusCode }) => statusCode === 409)) {
          results = await run(webhookId, (await unknown(batch)).map(operation));
        }
        if (results.some(({ statusCode }) => statusCode === FULL)) return false;
        requireWritten(results);
      }
      return true;
    },
    addAgain: async (deliveries) => {
      for (const { webhookId, batch } of batchesOf(deliveries)) {
        const upserts = batch.map((delivery) => ({
          operationType: 'Upsert' as const,
          resourceBody: { ...delivery },
        }));
        requireWritten(await run(webhookId, upserts));
      }
    },
    postpone: async (webhookId, ids, dueAt) => {
      const patches = ids.map((id) => ({
        operationType: 'Patch' as const,
        partitionKey: webhookId,
        id,
        resourceBody: { operations: [{ op: 'set' as const, path: '/dueAt', value: dueAt }] },
      }));
      await runBulk(container, patches, runtime);
    },
  };
}

/** Leaves out the repetitions of messages: the hub may have an event twice, and a batch that creates a document twice always fails. */
function distinct(deliveries: readonly Delivery[]): readonly Delivery[] {
  return [...new Map(deliveries.map((delivery) => [`${delivery.webhookId}/${delivery.id}`, delivery])).values()];
}

/** Splits messages into transactional batches, in order. */
function batchesOf(deliveries: readonly Delivery[]) {
  const batches: { readonly webhookId: string; readonly batch: Delivery[]; bytes: number }[] = [];
  for (const delivery of deliveries) {
    const bytes = Buffer.byteLength(delivery.body ?? '');
    const last = batches.at(-1);
    const fits =
      last?.webhookId === delivery.webhookId && last.batch.length < MAX_BATCH && last.bytes + bytes <= MAX_BATCH_BYTES;
    if (!fits) batches.push({ webhookId: delivery.webhookId, batch: [delivery], bytes });
    else {
      last.batch.push(delivery);
      last.bytes += bytes;
    }
  }
  return batches;
}

function requireWritten(results: readonly OperationResponse[]): void {
  const failed = results.find(({ statusCode }) => statusCode >= 300 && statusCode !== FAILED_DEPENDENCY);
  if (failed !== undefined) throw new TransientFault(`Messages cannot be queued: status ${failed.statusCode}.`);
}
