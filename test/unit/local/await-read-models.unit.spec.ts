import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
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

/** Serves GET /admin/lag: how far behind the slowest read model is at each poll; undefined is a 503. The last value stays. */
async function apiWithLag(behind: readonly (number | undefined)[]): Promise<string> {
  let polls = 0;
  const server = createServer((_request, response) => {
    const now = behind[Math.min(polls++, behind.length - 1)];
    const items = [
      { readModel: 'order_details', behind: 0 },
      { readModel: 'order_search', behind: now },
    ];
    response.writeHead(now === undefined ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ items }));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

/** Waits with a clock on which each poll takes a minute. Resolves to what was said. */
async function wait(behind: readonly (number | undefined)[]) {
  const said: string[] = [];
  let ms = 0;
  const clock = {
    monotonicMs: () => ms,
    delay: async () => {
      ms += MINUTE;
    },
  };
  const sources = { writeStore: await storeWithEvents(), apiUrl: await apiWithLag(behind), adminToken: 'token' };
  await awaitReadModels(sources, (line) => said.push(line), clock);
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

  it('continues while the lag is briefly unavailable', async () => {
    const { said, minutes } = await wait([4, undefined, undefined, 2, 0]);
    expect([minutes, said]).toEqual([4, [6, 6, 8].map((done) => `The read models have ${done} of 10 events.`)]);
  });
});
