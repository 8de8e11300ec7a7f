import { CosmosClient, type Database } from '@azure/cosmos';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containerDefinition } from '../../local/container-definition.ts';
import { type CosmosDbServer, startCosmosDb } from '../../local/cosmos-db/server.ts';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { SHIPPING_BOARD } from '../../src/shared/read-models/containers.ts';
import type { EventLog } from '../../src/sync/database/sync-database.ts';
import { redriverOf } from '../../src/sync/dead-letters/redriver-of.ts';
import { PROJECTIONS } from '../../src/sync/projections/projections.ts';
import { customerRegistered } from '../support/events/events.ts';
import { orderEvent } from '../support/events/order-lives.ts';
import { noCustomerKeys } from '../support/events/personal-data.ts';
import { type SimulatedRuntime, simulatedRuntime } from '../support/simulated-runtime.ts';
import { memoryWebhooks } from '../support/webhooks/webhooks.ts';

const confirmedAt = '2026-01-16T08:00:00.000Z';
const deliveredAt = '2026-01-20T08:00:00.000Z';
const DAY_MS = 86_400_000;
const confirmed = orderEvent('order-1', 2, { status: 'confirmed', confirmedAt });
const delivered = orderEvent('order-1', 4, {
  status: 'delivered',
  confirmedAt,
  tracking: { carrier: 'UPS', trackingNumber: '1Z', shippedAt: confirmedAt, deliveredAt },
});

let runtime: SimulatedRuntime;
let cosmosDb: CosmosDbServer;
let client: CosmosClient;
let database: Database;
beforeAll(async () => {
  runtime = simulatedRuntime({ startsAt: Date.parse(deliveredAt) });
  cosmosDb = await startCosmosDb({ port: 0, now: runtime.now });
  client = new CosmosClient(cosmosDb.connectionString);
  ({ database } = await client.databases.createIfNotExists({ id: 'orders' }));
  await database.containers.createIfNotExists(containerDefinition(SHIPPING_BOARD));
});
afterAll(async () => {
  client.dispose();
  await cosmosDb.close();
});

/** A log with these events, newest first, which returns one per read. */
const logOf = (...events: readonly EventEnvelope[]): Pick<EventLog, 'newest'> => ({
  newest: async ({ aggregateId, before }) => {
    const ofId = events.filter((event) => event.aggregateId === aggregateId);
    const start = ofId.findIndex(({ aggregateType }) => aggregateType === before?.aggregateType) + 1;
    return {
      events: ofId.slice(start, start + 1).map((event) => ({
        eventId: event.eventId,
        position: { ...event, recordedAt: event.timestamp },
        publishedAt: event.timestamp,
        body: JSON.stringify(event),
      })),
      isEnd: start + 1 >= ofId.length,
      heartbeat: { beat: 1, beatAt: deliveredAt, ageMs: 0 },
    };
  },
});

/** Redrives an event into the shipping board. */
const redrive = (event: EventEnvelope, log: Pick<EventLog, 'newest'>) =>
  redriverOf(
    {
      database,
      runtime,
      projections: PROJECTIONS,
      customerKeys: noCustomerKeys,
      searchIndexers: [],
      webhooks: memoryWebhooks(),
      writeDatabase: async () => ({ log }),
    },
    SHIPPING_BOARD.readModel,
  )([{ body: JSON.stringify(event), partitionId: '0', sequenceNumber: 7 }]);

const shipment = async () =>
  (await database.container(SHIPPING_BOARD.name).item('order-1', ['all', 'ada']).read()).resource;

it('redriving an old event of an order whose shipment has expired does not bring the shipment back', async () => {
  await runtime.pass(40 * DAY_MS);
  const log = logOf(customerRegistered({ aggregateId: 'order-1' }), delivered, confirmed);
  expect(await redrive(confirmed, log)).toMatchObject({ poison: [] });
  expect(await shipment()).toMatchObject({ status: 'delivered', ttl: 1 });
  await runtime.pass(2_000);
  expect(await shipment()).toBeUndefined();
});

it('redriving an event that the log does not have projects only that event', async () => {
  expect(await redrive(confirmed, logOf())).toMatchObject({ poison: [] });
  expect(await shipment()).toMatchObject({ status: 'confirmed' });
});
