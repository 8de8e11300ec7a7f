import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CosmosDbServer, startCosmosDb } from '../../local/cosmos-db/server.ts';
import { createContainers } from '../../local/read-database.ts';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { ORDER_SEARCH } from '../../src/shared/read-models/containers.ts';
import { projectUntilCrash } from '../support/commands/run-until-crash.ts';
import { customerChanged } from '../support/events/events.ts';
import { orderEvent } from '../support/events/order-lives.ts';
import { projectBodies } from '../support/projections/project-batch.ts';
import { PROJECTIONS } from '../support/projections/projections.ts';
import { expectFoldOf } from '../support/projections/read-models.ts';
import { uniqueId } from '../support/system/api-client.ts';
import { IS_WHOLE, progress } from '../support/system/progress.ts';

let cosmosDb: CosmosDbServer;
beforeAll(async () => {
  cosmosDb = await startCosmosDb({ port: 0 });
  await createContainers(cosmosDb.connectionString);
});
afterAll(() => cosmosDb.close());

/** Orders projected before a batch, and the batch: new orders, later events of known ones, and a new customer name. */
function eventsAround() {
  const shop = uniqueId('shop');
  const of = { customerId: `${shop}-ada`, customerName: 'Ada Byron', customerVersion: 1 };
  const placed = { ...of, placedAt: new Date().toISOString() };
  const confirmed = { ...placed, status: 'confirmed', confirmedAt: '2026-01-16T08:00:00.000Z' } as const;
  const known = ['a', 'b'].map((order) => orderEvent(`${shop}-${order}`, 1, confirmed));
  const batch = [
    orderEvent(`${shop}-a`, 2, { ...confirmed, status: 'refunded' }),
    orderEvent(`${shop}-c`, 1, confirmed),
    customerChanged({ aggregateId: of.customerId, version: 2 }, 'Ada Lovelace'),
  ];
  return { known, batch };
}

const names = IS_WHOLE ? PROJECTIONS.map(({ container }) => container.name) : [ORDER_SEARCH.name];

describe('a process that is killed after any of its calls to Cosmos DB', () => {
  it.each(names)('leaves %s so that the redelivered batch results in the fold of the log', async (readModel) => {
    const log: EventEnvelope[] = [];
    const toBatch = (events: readonly EventEnvelope[]) => {
      const batch = events.map((event) => JSON.stringify(event));
      return { readModel, cosmosDb: cosmosDb.connectionString, batch };
    };
    let killed = 0;
    for (let signal: unknown = 'SIGKILL'; signal === 'SIGKILL'; ) {
      const { known, batch } = eventsAround();
      log.push(...known, ...batch);
      await projectBodies(toBatch(known));
      signal = await projectUntilCrash({ ...toBatch(batch), lastCall: killed + 1 });
      if (signal === 'SIGKILL') progress(`${readModel}: killed after call ${++killed}`);
      // Redelivers the batch. Without a kill, this is as if the process was killed before the checkpoint.
      await projectBodies(toBatch(batch));
    }
    expect(killed).toBeGreaterThanOrEqual(2);
    const projections = PROJECTIONS.filter(({ container }) => container.name === readModel);
    await expectFoldOf({ azure: { cosmosDb } }, log, projections);
  });
});
