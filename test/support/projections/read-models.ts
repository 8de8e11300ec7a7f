import { join } from 'node:path';
import { CosmosClient } from '@azure/cosmos';
import { expect } from 'vitest';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { openMasterKey } from '../../../src/shared/personal-data/open-master-key.ts';
import { DEAD_LETTERS } from '../../../src/shared/read-models/containers.ts';
import { PROGRESS_ID } from '../../../src/shared/read-models/sales-live.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { logIn, tablesOf } from '../commands/tables.ts';
import { eventually } from '../system/api-client.ts';
import { progress } from '../system/progress.ts';
import type { TestSystem } from '../system/system.ts';
import { differences, toText } from './compare-documents.ts';
import { fold, PROJECTIONS } from './projections.ts';

/** Waits until every consumer group has processed every event in the hub. */
export async function allProjected(system: TestSystem, withinMs?: number): Promise<void> {
  await eventually(
    async () => {
      const { status, body } = await system.as('admin').get('/admin/lag');
      if (status !== 200) return undefined; // on a slow machine, the app may not reach the hub in time
      const behind = body.items.map((item: { readonly behind: number }) => item.behind);
      const events = behind.reduce((sum: number, count: number) => sum + count, 0);
      progress(`${events} events left to project, over all read models`);
      return events;
    },
    (events) => events === 0,
    withinMs,
  );
}

/** The event log in the write store, decrypted. */
export async function writtenLog({ writeStore, data }: TestSystem): Promise<readonly EventEnvelope[]> {
  return logIn(
    await tablesOf(writeStore),
    openMasterKey({ kind: 'file', path: join(data, 'master-key.json') }, systemRuntime),
  );
}

/** Expects each read model to equal the fold of a log by its projection, without the events that are too old for it, and no dead letters. */
export async function expectFoldOf(
  { azure }: { readonly azure: Pick<TestSystem['azure'], 'cosmosDb'> },
  log: readonly EventEnvelope[],
  projections = PROJECTIONS,
): Promise<void> {
  const client = new CosmosClient(azure.cosmosDb.connectionString);
  const database = client.database('orders');
  const read = async (name: string) => {
    const found = database.container(name).items.query<Record<string, unknown>>('SELECT * FROM c', ALL);
    const { resources } = await found.fetchAll();
    return resources.filter(({ id }) => id !== PROGRESS_ID); // a timer writes it, not the projection
  };
  try {
    for (const projection of projections) {
      const { name } = projection.container;
      const now = systemRuntime.now();
      const kept = log.filter((event) => !projection.isOutdated?.(event, now));
      const folded = [...fold(projection, kept).values()].flatMap((partition) => [...partition.values()]);
      // The database deletes an expired document a moment later.
      const expected = folded.filter((document) => !hasExpired(document, now));
      const stored = (await read(name)).filter((document) => !hasExpired(document, now));
      // Compared as text, so that a failure shows only the few documents that differ out of ten thousand.
      const [actual, wanted] = [stored.map(toText).sort(), expected.map(toText).sort()];
      expect(differences(actual, wanted), name).toEqual({ missing: [], unexpected: [] });
      progress(`${name}: ${actual.length} documents match the log`);
    }
    expect(await read(DEAD_LETTERS.name)).toEqual([]);
  } finally {
    client.dispose();
  }
}

/** Whether the database has deleted a document, because its time to live is over. */
const hasExpired = (document: unknown, now: number): boolean =>
  typeof document === 'object' &&
  document !== null &&
  'expiresAt' in document &&
  Date.parse(String(document.expiresAt)) <= now;

const ALL = { maxItemCount: -1 };
