import type { EventData, EventDataBatch } from '@azure/event-hubs';
import type { Clock } from '../runtime.ts';
import { partitionForKey } from './partition-key-hash.ts';

/** The part of the SDK's `EventHubProducerClient` that is used here. */
export interface Producer {
  getPartitionIds(): Promise<string[]>;
  createBatch(options: { readonly partitionId: string }): Promise<EventDataBatch>;
  sendBatch(batch: EventDataBatch): Promise<void>;
  close(): Promise<void>;
}

/**
 * What became of an event: the hub acknowledged it (`sent`), it could not be sent now (`failed`), or the hub or its client refused
 * the event or its batch for what is in it, so that sending it again would not help (`refused`).
 */
export type SendOutcome = 'sent' | 'failed' | 'refused';

/** An event that waits to be sent. */
export interface QueuedEvent {
  readonly event: EventData;
  settle(outcome: SendOutcome): void;
}

interface SenderOptions extends Pick<Clock, 'delay'> {
  readonly producer: Producer;
  /** Called when events could not be sent. */
  readonly notSent: (count: number, outcome: Exclude<SendOutcome, 'sent'>, reason: string) => void;
}

/** The senders of the partitions of a hub. */
export interface PartitionSenders {
  /** Queues an event for the partition that the service would choose for its key. The event is settled once its outcome is known. */
  add(partitionKey: string, event: QueuedEvent): void;
  /** Resolves when no event waits. */
  close(): Promise<void>;
}

/**
 * Opens a sender for each partition that the hub has now. Partitions that are added later are used after the next start. Throws the
 * SDK's errors when the hub cannot be reached.
 */
export async function openPartitionSenders(options: SenderOptions): Promise<PartitionSenders> {
  const partitionIds = await options.producer.getPartitionIds();
  const senders = partitionIds.map((partitionId) => new PartitionSender(partitionId, options));
  return {
    add: (partitionKey, event) => senders[partitionForKey(partitionKey, senders.length)]?.add(event),
    close: async () => void (await Promise.all(senders.map((sender) => sender.idle()))),
  };
}

/** Minimum milliseconds between the starts of two batches of a partition. Events that arrive in between share the next batch. */
const BATCH_EVERY_MS = 20;

/**
 * Sends the events of a partition in order, one batch at a time. An event that finds the sender idle is sent immediately. Events that
 * arrive while a batch is being sent share the next one. The SDK's `EventHubBufferedProducerClient` does the same, but polls: even when
 * idle, it wakes up every `maxWaitTimeInMs` for each partition.
 */
class PartitionSender {
  readonly #partitionId: string;
  readonly #options: SenderOptions;
  readonly #queue: QueuedEvent[] = [];
  #sending: Promise<void> | undefined;

  constructor(partitionId: string, options: SenderOptions) {
    this.#partitionId = partitionId;
    this.#options = options;
  }

  add(event: QueuedEvent): void {
    this.#queue.push(event);
    this.#sending ??= this.#sendAll();
  }

  async idle(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#queue.length > 0) {
      await Promise.all([this.#sendBatch(), this.#options.delay(BATCH_EVERY_MS)]);
    }
    this.#sending = undefined;
  }

  async #sendBatch(): Promise<void> {
    const { producer } = this.#options;
    let batched: readonly QueuedEvent[] = [];
    try {
      const batch = await producer.createBatch({ partitionId: this.#partitionId });
      batched = this.#takeInto(batch);
      if (batch.count > 0) await producer.sendBatch(batch);
      for (const { settle } of batched) settle('sent');
    } catch (error) {
      // When the hub cannot be reached, the waiting events fail too, so that the queue does not grow and none of them overtakes a
      // failed one. An error without a batch cannot be about its events.
      if (batched.length > 0 && isRefusal(error)) this.#settle(batched, 'refused', error);
      else this.#settle([...batched, ...this.#queue.splice(0)], 'failed', error);
    }
  }

  /** Moves events from the queue into a batch until it is full. An event that does not fit into an empty batch is refused. */
  #takeInto(batch: EventDataBatch): readonly QueuedEvent[] {
    const batched: QueuedEvent[] = [];
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (batch.tryAdd(next.event)) batched.push(next);
      else if (batch.count > 0) break;
      else {
        this.#options.notSent(1, 'refused', 'it is too large');
        next.settle('refused');
      }
      this.#queue.shift();
    }
    return batched;
  }

  #settle(events: readonly QueuedEvent[], outcome: 'refused' | 'failed', error: unknown): void {
    this.#options.notSent(events.length, outcome, error instanceof Error ? error.message || error.name : String(error));
    for (const { settle } of events) settle(outcome);
  }
}

/** Codes of `@azure/core-amqp` for errors that are about the messages, not about the connection, the hub or the sender's rights. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  'MessageTooLargeError',
  'DecodeError',
  'ArgumentError',
  'ArgumentOutOfRangeError',
]);

const isRefusal = (error: unknown): boolean => error instanceof Error && 'code' in error && REFUSALS.has(error.code);
