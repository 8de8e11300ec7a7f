import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Dated } from '../../../src/shared/write-database/heartbeat.ts';
import { type IsTaken, replicaReads } from '../../../src/shared/write-database/replica.ts';
import { recordMetrics } from '../../support/recorded-metrics.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

interface Answer extends Dated {
  readonly from: string;
}

const metrics = recordMetrics();
beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

const heartbeat = (ageMs: number) => ({ beat: 3, beatAt: '2026-01-15T10:30:00.000Z', ageMs });
const atMost =
  (ms: number): IsTaken<Answer> =>
  (_, { ageMs }) =>
    ageMs <= ms;

/** A primary, and a replica that answers as a test says. */
function copies(answer: () => Promise<Answer>) {
  const runtime = simulatedRuntime();
  let asked = 0;
  const primary = { answer: async (): Promise<Answer> => ({ from: 'primary' }) };
  const replica = {
    answer: () => {
      asked++;
      return answer();
    },
  };
  const reads = replicaReads({ primary: async () => primary, replica: async () => replica }, runtime);
  const read = (isTaken: IsTaken<Answer>) => reads.read((store) => store.answer(), isTaken);
  return { runtime, reads, read, asked: () => asked };
}

const outcomes = () => metrics.of('cqrs.replica_reads').map(({ attributes }) => attributes?.outcome);
const FROM_PRIMARY = { answer: { from: 'primary' }, ageMs: 0 };

describe('a read that a replica may answer', () => {
  it('is answered by a replica that is young enough, with its age', async () => {
    const answer = { from: 'replica', heartbeat: heartbeat(2_000) };
    const { read } = copies(async () => answer);
    expect(await read(atMost(2_000))).toEqual({ answer, ageMs: 2_000 });
    expect(outcomes()).toEqual(['answered']);
  });

  it.each([
    ['is older than the reader accepts', heartbeat(2_001)],
    ['has no heartbeat', undefined],
  ])('is answered by the primary when the replica %s', async (_, beat) => {
    const { read } = copies(async () => ({ from: 'replica', heartbeat: beat }));
    expect(await read(atMost(2_000))).toEqual(FROM_PRIMARY);
    expect(outcomes()).toEqual(['behind']);
  });

  it('is answered by the primary when the replica fails, which is then not asked for ten seconds', async () => {
    const { runtime, read, asked } = copies(async () => {
      throw new Error('connection lost');
    });
    expect(await read(atMost(2_000))).toEqual(FROM_PRIMARY);
    await runtime.pass(9_999);
    expect(await read(atMost(2_000))).toEqual(FROM_PRIMARY);
    expect([asked(), outcomes()]).toEqual([1, ['away', 'away']]);
    await runtime.pass(1);
    await read(atMost(2_000));
    expect(asked()).toBe(2);
    expect(console.warn).toHaveBeenCalledWith(expect.stringContaining('connection lost'));
  });

  it('is answered by the primary when the replica has not answered within five seconds', async () => {
    const { runtime, read } = copies(() => new Promise(() => undefined));
    const answered = read(atMost(2_000));
    const settled = vi.fn();
    void answered.then(settled);
    await runtime.pass(4_999);
    expect(settled).not.toHaveBeenCalled();
    await runtime.pass(1);
    expect(await answered).toEqual(FROM_PRIMARY);
  });

  it('rejects with the fault of the primary', async () => {
    const primary = () => Promise.reject<Answer>(new Error('the primary is away'));
    const reads = replicaReads({ primary }, simulatedRuntime());
    await expect(reads.read(async (answer) => answer, atMost(1))).rejects.toThrow('the primary is away');
  });
});

it('a read without a replica is answered by the primary and not counted', async () => {
  const reads = replicaReads({ primary: async () => ({ from: 'primary' }) }, simulatedRuntime());
  expect(await reads.read(async (store): Promise<Answer> => store, atMost(1))).toEqual(FROM_PRIMARY);
  expect(outcomes()).toEqual([]);
});

it('a read of the primary does not ask the replica', async () => {
  const { reads, asked } = copies(async () => ({ from: 'replica', heartbeat: heartbeat(0) }));
  expect(await reads.readPrimary((store) => store.answer())).toEqual(FROM_PRIMARY);
  expect(asked()).toBe(0);
});
