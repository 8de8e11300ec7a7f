import type { BufferedProducer, OpenProducer } from '../../../src/shared/event-hubs/event-publisher.ts';
import type { Process } from '../kernel/process.ts';
import type { World } from '../kernel/world.ts';
import { requireFit, takeBatch } from './batches.ts';
import { PARTITIONS, type SentEvent, type SimulatedHub } from './hub.ts';

/** Kinds of faults of the hub. */
export const HUB_FAULTS = { 'hub away': 0.01, 'batch refused by the hub': 0.01, 'send fails': 0.03 };

type Options = Parameters<OpenProducer>[2];
type Enqueued = Parameters<BufferedProducer['enqueueEvent']>[0];

/** Attempts of the SDK for a batch, and the wait (ms) before the next one. */
const ATTEMPTS = 3;
const RETRY_MS = 200;
/** The time (ms) that an attempt takes while the hub is away. */
const ATTEMPT_TIMEOUT_MS = 5_000;

/** The code that the SDK gives an error of a batch that the hub refuses for its content. */
const REFUSED = 'MessageTooLargeError';

const hubError = (message: string, code: string) => Object.assign(new Error(message), { code });

/** The SDK's buffered producer: one batch at a time per partition, in the order in which events are enqueued. */
export function simulatedProducer(
  world: World,
  process: Process,
  hub: SimulatedHub,
  options: Options,
): BufferedProducer {
  const buffers = new Map(PARTITIONS.map((partition) => [partition as string, new PartitionBuffer()]));
  const sender = { world, process, hub, options };
  return {
    enqueueEvent: async (event, { partitionKey = '' } = {}) => {
      const partition = hub.partitionOf(partitionKey);
      const buffer = buffers.get(partition);
      buffer?.events.push({ event, ...toSent(event) });
      if (buffer?.isSending === false) void sendAll(sender, partition, buffer);
      return buffer?.events.length ?? 0;
    },
    getPartitionIds: async () => [...PARTITIONS],
    close: async () => undefined,
  };
}

interface BufferedEvent extends SentEvent {
  /** As it was enqueued. The handlers get it back. */
  readonly event: Enqueued;
}

class PartitionBuffer {
  readonly events: BufferedEvent[] = [];
  isSending = false;
}

interface Sender {
  readonly world: World;
  readonly process: Process;
  readonly hub: SimulatedHub;
  readonly options: Options;
}

async function sendAll(sender: Sender, partitionId: string, buffer: PartitionBuffer): Promise<void> {
  const { process, options } = sender;
  buffer.isSending = true;
  await process.runtime.delay(options.maxWaitTimeInMs ?? 0);
  while (buffer.events.length > 0) {
    const batch = takeBatch(buffer.events);
    const events = batch.map(({ event }) => event);
    try {
      requireFit(batch);
      await sendBatch(sender, partitionId, batch);
      await options.onSendEventsSuccessHandler?.({ partitionId, events });
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      await options.onSendEventsErrorHandler({ partitionId, events, error });
    }
  }
  buffer.isSending = false;
}

/** Sends a batch. The SDK sends it again when it gets no answer, so it may arrive twice. */
async function sendBatch(sender: Sender, partition: string, batch: readonly SentEvent[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await sendOnce(sender, partition, batch);
    } catch (error) {
      const isRefused = error instanceof Error && 'code' in error && error.code === REFUSED;
      if (attempt === ATTEMPTS || isRefused) throw error;
      await sender.process.runtime.delay(RETRY_MS);
    }
  }
}

async function sendOnce(
  { world, process, hub }: Sender,
  partition: string,
  batch: readonly SentEvent[],
): Promise<void> {
  if (world.fault('hub away', process.name, 'hub send')) hub.leave(world.dice.between('hub away', 3_000, 60_000));
  if (hub.isAway) await process.runtime.delay(ATTEMPT_TIMEOUT_MS);
  await process.call({
    step: 'hub send',
    effect: () => {
      if (hub.isAway) throw hubError('The hub cannot be reached.', 'ServiceUnavailableError');
      hub.append(partition, batch);
      world.note(process.name, `hub ${hub.name}/${partition} has ${batch.map(({ eventId }) => eventId.slice(0, 8))}`);
    },
    refusals: {
      'batch refused by the hub': () => hubError('The batch is too large.', REFUSED),
      'send fails': () => hubError('The link was detached.', 'DetachForcedError'),
    },
    lost: () => hubError('The send has timed out.', 'OperationTimeoutError'),
  });
}

function toSent(event: Enqueued): SentEvent {
  const { body } = event;
  const eventId = 'messageId' in event ? String(event.messageId) : '';
  const properties = 'properties' in event ? { ...event.properties } : {};
  return { eventId, body: Buffer.isBuffer(body) ? body : Buffer.from(String(body)), properties };
}
