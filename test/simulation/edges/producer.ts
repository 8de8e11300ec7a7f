import type { EventData, EventDataBatch } from '@azure/event-hubs';
import type { Producer } from '../../../src/shared/event-hubs/partition-sender.ts';
import type { Process } from '../kernel/process.ts';
import type { World } from '../kernel/world.ts';
import { PARTITIONS, type SentEvent, type SimulatedHub } from './hub.ts';

/** Kinds of faults of the hub. */
export const HUB_FAULTS = { 'hub away': 0.01, 'batch refused by the hub': 0.01, 'send fails': 0.03 };

/** Attempts of the SDK for a batch, and the wait (ms) before the next one. */
const ATTEMPTS = 3;
const RETRY_MS = 200;
/** The time (ms) that an attempt takes while the hub is away. */
const ATTEMPT_TIMEOUT_MS = 5_000;

/** Bytes of a batch: https://learn.microsoft.com/azure/event-hubs/event-hubs-quotas (publication size, Standard). */
const MAX_BATCH_BYTES = 1_048_576;
/** Bytes that an event takes in addition to its body: its id, its type of content, and AMQP's own. */
const OVERHEAD_BYTES = 512;

/** The code that the SDK gives an error of a batch that the hub refuses for its content. */
const REFUSED = 'MessageTooLargeError';

const hubError = (message: string, code: string) => Object.assign(new Error(message), { code });

/** The SDK's producer. */
export function simulatedProducer(world: World, process: Process, hub: SimulatedHub): Producer {
  const events = new WeakMap<EventDataBatch, readonly SentEvent[]>();
  return {
    getPartitionIds: async () => [...PARTITIONS],
    createBatch: async ({ partitionId }) => {
      const batch = new SimulatedBatch(partitionId);
      events.set(batch, batch.events);
      return batch;
    },
    sendBatch: (batch) => sendBatch({ world, process, hub }, batch.partitionId ?? '', events.get(batch) ?? []),
    close: async () => undefined,
  };
}

class SimulatedBatch implements EventDataBatch {
  readonly partitionId: string;
  readonly events: SentEvent[] = [];
  readonly maxSizeInBytes = MAX_BATCH_BYTES;
  sizeInBytes = 0;

  constructor(partitionId: string) {
    this.partitionId = partitionId;
  }

  get count(): number {
    return this.events.length;
  }

  tryAdd(event: EventData): boolean {
    const sent = toSent(event);
    const bytes = sent.body.length + OVERHEAD_BYTES;
    if (this.sizeInBytes + bytes > MAX_BATCH_BYTES) return false;
    this.sizeInBytes += bytes;
    this.events.push(sent);
    return true;
  }
}

interface Sender {
  readonly world: World;
  readonly process: Process;
  readonly hub: SimulatedHub;
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

function toSent(event: EventData): SentEvent {
  const { body } = event;
  const eventId = 'messageId' in event ? String(event.messageId) : '';
  const properties = 'properties' in event ? { ...event.properties } : {};
  return { eventId, body: Buffer.isBuffer(body) ? body : Buffer.from(String(body)), properties };
}
