import type { ReceivedEventData } from '@azure/event-hubs';

export interface PartitionWork {
  readonly maxBatch: number;
  readonly minBatch: number;
  /** How long fewer events than the least batch wait for more. */
  readonly maxWaitMs: number;
  /** Batches per checkpoint. */
  readonly checkpointFrequency: number;
  /** Aborted when the host stops: nothing new is processed, nothing is checkpointed any more. */
  readonly stopping: AbortSignal;
  /** Runs the function, retries included; a failure ends here. */
  process(events: readonly ReceivedEventData[]): Promise<void>;
  checkpoint(last: ReceivedEventData): Promise<void>;
  /** The earlier work on the same partition, which must end first. */
  readonly after: Promise<void>;
}

/** The work on one partition while this process owns it: batch after batch in order, each followed by its checkpoint. */
export class PartitionWorker {
  readonly #work: PartitionWork;
  #pending: ReceivedEventData[] = [];
  #tail: Promise<void>;
  #flush: NodeJS.Timeout | undefined;
  #batches = 0;
  #lost = false;

  constructor(work: PartitionWork) {
    this.#work = work;
    this.#tail = work.after;
  }

  /** Resolves when the events are processed (or wait for more), so that the caller may receive the next ones. */
  receive(events: readonly ReceivedEventData[]): Promise<void> {
    this.#pending.push(...events);
    return this.#enqueue(this.#work.minBatch);
  }

  /** Another process owns the partition now: the batch in hand is not checkpointed, the next ones are not processed. */
  close(): void {
    this.#lost = true;
    clearTimeout(this.#flush);
  }

  /** Resolves when the batch in hand has ended. */
  idle(): Promise<void> {
    return this.#tail;
  }

  #enqueue(leastBatch: number): Promise<void> {
    this.#tail = this.#tail.then(() => this.#drain(leastBatch));
    return this.#tail;
  }

  async #drain(leastBatch: number): Promise<void> {
    while (this.#pending.length >= leastBatch && this.#pending.length > 0 && !this.#ended()) {
      await this.#processBatch(this.#pending.splice(0, this.#work.maxBatch));
    }
    if (this.#pending.length === 0 || this.#ended()) return;
    this.#flush ??= setTimeout(() => {
      this.#flush = undefined;
      void this.#enqueue(1);
    }, this.#work.maxWaitMs);
  }

  async #processBatch(events: readonly ReceivedEventData[]): Promise<void> {
    clearTimeout(this.#flush);
    this.#flush = undefined;
    await this.#work.process(events);
    const last = events.at(-1);
    if (this.#ended() || last === undefined) return;
    this.#batches += 1;
    if (this.#batches % this.#work.checkpointFrequency === 0) await this.#work.checkpoint(last);
  }

  #ended(): boolean {
    return this.#lost || this.#work.stopping.aborted;
  }
}
