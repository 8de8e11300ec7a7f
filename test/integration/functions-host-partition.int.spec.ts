import type { ReceivedEventData } from '@azure/event-hubs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type PartitionWork, PartitionWorker } from '../../local/functions-host/partition-worker.ts';
import { retryDelayMs } from '../../local/functions-host/retry-policy.ts';

const event = (sequenceNumber: number): ReceivedEventData => ({
  body: sequenceNumber,
  sequenceNumber,
  offset: String(sequenceNumber),
  enqueuedTimeUtc: new Date(0),
  partitionKey: null,
  getRawAmqpMessage: () => ({ bodyType: 'data', body: '' }),
});

/** A worker that records what it processes and checkpoints. */
function recordingWorker(settings: Partial<PartitionWork>) {
  const processed: number[][] = [];
  const checkpoints: number[] = [];
  const worker = new PartitionWorker({
    maxBatch: 10,
    minBatch: 1,
    maxWaitMs: 1_000,
    checkpointFrequency: 1,
    stopping: new AbortController().signal,
    process: async (events) => void processed.push(events.map(({ sequenceNumber }) => sequenceNumber)),
    checkpoint: async ({ sequenceNumber }) => void checkpoints.push(sequenceNumber),
    after: Promise.resolve(),
    ...settings,
  });
  return { worker, processed, checkpoints };
}

describe('a partition worker', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('splits received events into batches of the maximum size', async () => {
    const { worker, processed } = recordingWorker({ maxBatch: 2 });
    await worker.receive([1, 2, 3].map(event));
    expect(processed).toEqual([[1, 2], [3]]);
  });

  it('waits for the minimum batch size', async () => {
    const { worker, processed } = recordingWorker({ minBatch: 3 });
    await worker.receive([event(1)]);
    await worker.receive([event(2)]);
    expect(processed).toEqual([]);
    await worker.receive([event(3)]);
    expect(processed).toEqual([[1, 2, 3]]);
  });

  it('processes fewer events after the maximum wait', async () => {
    const { worker, processed } = recordingWorker({ minBatch: 3, maxWaitMs: 1_000 });
    await worker.receive([event(1)]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(processed).toEqual([[1]]);
  });

  it('checkpoints once per checkpointFrequency batches', async () => {
    const { worker, checkpoints } = recordingWorker({ maxBatch: 1, checkpointFrequency: 2 });
    await worker.receive([1, 2, 3].map(event));
    expect(checkpoints).toEqual([2]);
  });

  it('does not checkpoint a batch during which it lost the partition, and processes no further batch', async () => {
    const { worker, processed, checkpoints } = recordingWorker({
      maxBatch: 1,
      process: async (events) => {
        processed.push(events.map(({ sequenceNumber }) => sequenceNumber));
        worker.close();
      },
    });
    await worker.receive([1, 2].map(event));
    expect([processed, checkpoints]).toEqual([[[1]], []]);
  });

  it('starts when the previous worker of the partition has ended', async () => {
    const earlier = Promise.withResolvers<void>();
    const { worker, processed } = recordingWorker({ after: earlier.promise });
    const received = worker.receive([event(1)]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(processed).toEqual([]);
    earlier.resolve();
    await received;
    expect(processed).toEqual([[1]]);
  });
});

describe('the delay of a retry', () => {
  it('is constant with fixedDelay', () => {
    const policy = { retryStrategy: 'fixedDelay', maxRetryCount: 5, delayInterval: { seconds: 2 } };
    expect([1, 2, 3].map((retry) => retryDelayMs(policy, retry))).toEqual([2_000, 2_000, 2_000]);
  });

  it('doubles up to the maximum with exponentialBackoff', () => {
    const policy = {
      retryStrategy: 'exponentialBackoff',
      maxRetryCount: -1,
      minimumInterval: { seconds: 1 },
      maximumInterval: { seconds: 5 },
    };
    expect([1, 2, 3, 4].map((retry) => retryDelayMs(policy, retry))).toEqual([1_000, 2_000, 4_000, 5_000]);
  });
});
