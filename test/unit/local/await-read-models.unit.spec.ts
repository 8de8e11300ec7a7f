import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { awaitReadModels } from '../../../local/await-read-models.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { openDatabase } from '../../../src/shared/write-database/sqlite/database.ts';

const EVENTS = 10;
const MINUTE = 60_000;

/** A write store with ten published events. */
async function storeWithEvents(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'await-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'orders.db');
  const { database } = await openDatabase(path, systemRuntime);
  const insert = database.prepare(`
    INSERT INTO Events (EventId, AggregateType, AggregateId, Version, RecordedAt, PublishedAt, Body)
    VALUES (?, 'Order', ?, 1, 0, 0, '{}')`);
  for (let number = 1; number <= EVENTS; number++) insert.run(`e${number}`, `o${number}`);
  database.close();
  return path;
}

/**
 * Waits with a clock on which each poll takes a minute. Resolves to what was said.
 * @param behind how far behind the slowest read model is at each poll. The last value stays.
 * @param stopAfter polls after which the program is stopped
 */
async function wait(behind: readonly number[], stopAfter = Number.POSITIVE_INFINITY) {
  const stopping = new AbortController();
  const said: string[] = [];
  let polls = 0;
  let ms = 0;
  const clock = {
    monotonicMs: () => ms,
    delay: async () => {
      ms += MINUTE;
    },
  };
  const sources = {
    writeStore: await storeWithEvents(),
    mostBehind: async () => {
      const found = behind[Math.min(polls++, behind.length - 1)] ?? 0;
      if (polls === stopAfter) stopping.abort(new Error('stopped'));
      return found;
    },
  };
  await awaitReadModels(sources, (line) => said.push(line), stopping.signal, clock);
  return { said, minutes: ms / MINUTE };
}

describe('the wait for the read models at the start', () => {
  it('is over at once when they have every event', async () => {
    expect(await wait([0])).toEqual({ said: [], minutes: 0 });
  });

  it('has no limit while they make progress, and says how far they are', async () => {
    const { said, minutes } = await wait([10, 9, 9, 8, 7, 6, 6, 5, 4, 3, 2, 1, 0]);
    expect(minutes).toBe(12);
    expect(said.slice(0, 3)).toEqual([1, 1, 2].map((done) => `The read models have ${done} of 10 events.`));
    expect(said.join()).not.toContain('the rest follows');
  });

  it('ends when they have made no progress for more than two minutes', async () => {
    const { said, minutes } = await wait([10, 4]);
    expect(minutes).toBe(4);
    expect(said.at(-1)).toBe(
      'The read models have 6 of 10 events; the rest follows. GET /api/admin/lag shows how far they are.',
    );
  });

  it('ends when the program is stopped', async () => {
    await expect(wait([10, 4], 2)).rejects.toThrow('stopped');
  });
});
