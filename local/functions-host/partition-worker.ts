import type { ReceivedEventData } from '@azure/event-hubs';

export interface PartitionWork {
  readonly maxBatch: number;
  readonly minBatch: number;
  /** How long (ms) a batch smaller than `minBatch` waits for more events. */
  readonly maxWaitMs: number;
  /** Batches per checkpoint. */
  readonly checkpointFrequency: number;
  /** Aborts when the host stops. After that, nothing is processed or checkpointed. */
  readonly stopping: AbortSignal;
  /** Runs the function, including retries. Does not reject when the function fails. */
  process(events: readonly ReceivedEventData[]): Promise<void>;
  checkpoint(last: ReceivedEventData): Promise<void>;
  /** Earlier work on the same partition, which must finish first. */
  readonly after: Promise<void>;
}

/** Processes one partition while this process owns it: batches in order, each followed by its checkpoint. */
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

  /** Resolves when the events are processed (or wait for more), so that the caller can receive the next ones. */
  receive(events: readonly ReceivedEventData[]): Promise<void> {
    this.#pending.push(...events);
    return this.#enqueue(this.#work.minBatch);
  }

  /** Call when another process owns the partition: the current batch gets no checkpoint, later ones are not processed. */
  close(): void {
    this.#lost = true;
    clearTimeout(this.#flush);
  }

  /** Resolves when the current batch has finished. */
  idle(): Promise<void> {
    return this.#tail;
  }

  #enqueue(minBatch: number): Promise<void> {
    this.#tail = this.#tail.then(() => this.#drain(minBatch));
    return this.#tail;
  }

  async #drain(minBatch: number): Promise<void> {
    while (this.#pending.length >= minBatch && this.#pending.length > 0 && !this.#ended()) {
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
