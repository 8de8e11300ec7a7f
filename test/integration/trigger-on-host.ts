import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { ContainerClient } from '@azure/storage-blob';
import { onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { AppRegistry } from '../../local/functions-host/app-registry.ts';
import type { InvocationRequest } from '../../local/functions-host/core-types.ts';
import { eventHubListener } from '../../local/functions-host/event-hub-trigger.ts';
import { HubConnections } from '../../local/functions-host/hub-connections.ts';
import { type InvocationOutcome, Invoker } from '../../local/functions-host/invocation.ts';
import { newStorageAccount } from '../support/system/storage-account.ts';
import { GROUPS, HUB, producerFor, startHub } from './event-hubs-clients.ts';
import type { Handler, Triggered } from './trigger-context.ts';

const [GROUP] = GROUPS;
const noLog = () => undefined;

const SETTINGS = {
  maxEventBatchSize: 100,
  minEventBatchSize: 1,
  maxWaitTimeMs: 60_000,
  prefetchCount: 300,
  batchCheckpointFrequency: 1,
  initialOffset: 'fromStart',
  loadBalancingUpdateIntervalMs: 300,
  partitionOwnershipExpirationIntervalMs: 10_000,
} as const;

const TARGET = {
  metadata: {
    name: 'consume',
    bindings: {},
    retryOptions: {
      retryStrategy: 'exponentialBackoff',
      maxRetryCount: -1,
      minimumInterval: { seconds: 1 },
      maximumInterval: { seconds: 30 },
    },
  },
  callback: noLog,
};
const BINDING = {
  type: 'eventHubTrigger',
  connection: 'EventHubConnection',
  eventHubName: HUB,
  consumerGroup: GROUP,
  cardinality: 'many',
  dataType: 'binary',
};

/** The trigger of the local Functions host, on the SDK, Azurite and the stand-in of Event Hubs. */
export async function triggerOnHost(): Promise<Triggered> {
  const server = await startHub({ partitions: 2, empty: true });
  const { connectionString: storage } = await newStorageAccount();
  const producer = producerFor(server);
  const numberOfFirst = (partitionId: string) =>
    server.events(HUB).find((event) => event.partitionId === partitionId)?.sequenceNumber ?? 0;
  return {
    send: (partitionId, ...texts) =>
      producer.sendBatch(
        texts.map((text) => ({ body: Buffer.from(text) })),
        { partitionId },
      ),
    start: (handler) => {
      const connections = new HubConnections();
      const listener = eventHubListener(TARGET, 'events', BINDING, {
        invoker: new HandlerInvoker(handler),
        settings: { EventHubConnection: server.connectionString, AzureWebJobsStorage: storage },
        eventHubs: SETTINGS,
        connections,
        log: noLog,
      });
      listener.start();
      const stop = () => listener.stop().then(() => connections.close());
      onTestFinished(stop);
      return () => void stop();
    },
    checkpoint: async (partitionId) => {
      const store = new BlobCheckpointStore(new ContainerClient(storage, 'azure-webjobs-eventhub'));
      const found = await store.listCheckpoints(producer.fullyQualifiedNamespace, HUB, GROUP);
      const number = found.find((one) => one.partitionId === partitionId)?.sequenceNumber;
      return number === undefined ? undefined : number - numberOfFirst(partitionId);
    },
    eventually: (assertion) => vi.waitFor(assertion, { timeout: 120_000, interval: 100 }),
  };
}

const partitionContext = z.object({ PartitionId: z.string() });

/** Passes batches to a handler instead of an app. */
class HandlerInvoker extends Invoker {
  readonly #handler: Handler;

  constructor(handler: Handler) {
    super(new AppRegistry(), noLog);
    this.#handler = handler;
  }

  override async invoke(_target: unknown, request: () => InvocationRequest): Promise<InvocationOutcome> {
    const { inputData, triggerMetadata } = request();
    const bytes = inputData[0]?.data?.collectionBytes?.bytes ?? [];
    const { PartitionId } = partitionContext.parse(JSON.parse(triggerMetadata?.PartitionContext?.json ?? '{}'));
    try {
      await this.#handler(
        bytes.map((body) => Buffer.from(body).toString()),
        PartitionId,
      );
      return { ok: true, response: {} };
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error : new Error(String(error)) };
    }
  }
}
