import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EventHubsServer, startEventHubs } from '../../local/event-hubs/server.ts';
import { publishAfterCommit } from '../../src/commands/outbox/publish-after-commit.ts';
import { relayOutbox } from '../../src/commands/outbox/relay.ts';
import {
  openSqliteWriteStore,
  type SqliteWriteStore,
} from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import type { CommandCommit } from '../../src/commands/write-store/write-store.ts';
import { type EventPublisher, openEventPublisher } from '../../src/shared/event-hubs/event-publisher.ts';
import { ORDER_EVENTS_HUB } from '../../src/shared/event-hubs/hub.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { customerRegistered } from '../support/events/events.ts';
import { unencrypted } from '../support/events/personal-data.ts';
import { eventually, uniqueId } from '../support/system/api-client.ts';

let folder: string;
let eventHubs: EventHubsServer;
let store: SqliteWriteStore;
let publishers: EventPublisher[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orders-'));
  eventHubs = await startEventHubs({ port: 0, hubs: [{ name: ORDER_EVENTS_HUB, partitions: 4, consumerGroups: [] }] });
  store = await openSqliteWriteStore(join(folder, 'orders.db'), systemRuntime);
  publishers = [];
});
afterEach(async () => {
  eventHubs.setAvailable(true);
  await Promise.all(publishers.map((publisher) => publisher.close()));
  await store.close();
  await eventHubs.close();
  await rm(folder, { recursive: true });
});

const openPublisher = () => {
  const connection = { kind: 'connectionString' as const, connectionString: eventHubs.connectionString };
  const publisher = openEventPublisher(connection, ORDER_EVENTS_HUB, () => {}, systemRuntime);
  publishers.push(publisher);
  return publisher;
};

/** The commit of a customer's next version, the smallest possible commit. */
const nextVersion = (customerId: string, version: number, padding = ''): CommandCommit => {
  const event = customerRegistered({ aggregateId: customerId, version });
  if (event.aggregateType !== 'Customer') throw new Error('not a customer');
  const commandId = randomUUID();
  const small = unencrypted(event);
  return {
    command: {
      commandId,
      commandType: 'RegisterCustomer',
      payloadHash: commandId,
      acceptedAt: event.timestamp,
      result: { commandId, aggregateType: 'Customer', aggregateId: customerId, version },
    },
    events: [{ ...small, body: JSON.stringify({ ...JSON.parse(small.body), padding }) }],
    customer: { ...event.customer, erasureRequestedBy: null, version },
    stock: [],
  };
};

/** Commits the next version of a customer. */
const commitVersion = async (customerId: string, version: number, padding = ''): Promise<CommandCommit> => {
  const commit = nextVersion(customerId, version, padding);
  expect(await store.commit(commit)).toMatchObject({ outcome: 'committed' });
  return commit;
};

/** Commits an event that is larger than the hub accepts. */
const commitTooLarge = (customerId: string, version: number) =>
  commitVersion(customerId, version, 'x'.repeat(1_100_000));

const published = () => eventHubs.events(ORDER_EVENTS_HUB).map(({ body }) => body.toString());
const unpublished = () =>
  store.claim({ owner: randomUUID(), leaseMs: 0, olderThanMs: 0, limit: 10_000, maxCharacters: 1e9 });
/** A lease that outlasts every test. */
const RELAY = { leaseMs: 3_600_000, olderThanMs: 0, batchSize: 25, batchCharacters: 10_000_000, warn: () => {} };

describe('publishing after the commit', () => {
  it('publishes the event as it was committed and marks it as published', async () => {
    const { publish } = publishAfterCommit(openPublisher(), store, () => {}, systemRuntime);
    const { events } = await commitVersion(uniqueId('customer'), 1);
    publish(events);
    await eventually(unpublished, (rows) => rows.length === 0);
    expect(published()).toEqual(events.map(({ body }) => body));
  });

  it('leaves the event to the relay when marking fails, so that it is published twice but not lost', async () => {
    const publisher = openPublisher();
    const failing = {
      markPublished: () => Promise.reject(new Error('disk full')),
      recordRefusals: () => Promise.reject(new Error('nothing was refused')),
    };
    const warnings: string[] = [];
    const { publish } = publishAfterCommit(publisher, failing, (text) => warnings.push(text), systemRuntime);
    const { events } = await commitVersion(uniqueId('customer'), 1);
    publish(events);
    await eventually(
      () => warnings,
      (texts) => texts.some((text) => text.includes('disk full')),
    );
    expect(await relayOutbox(store, publisher, { owner: 'relay', ...RELAY }, systemRuntime)).toBe(1);
    expect(published()).toEqual([...events, ...events].map(({ body }) => body));
    expect(await unpublished()).toEqual([]);
  });
});

describe('an event that the hub refuses after the commit', () => {
  it('holds back the later versions of its aggregate', async () => {
    const publisher = openPublisher();
    const { publish } = publishAfterCommit(publisher, store, () => {}, systemRuntime);
    const { events } = await commitTooLarge('large', 1);
    publish(events);
    const outcome = await eventually(
      async () => {
        const version = (await store.readEvents({ aggregateType: 'Customer', aggregateId: 'large' })).bodies.length + 1;
        return store.commit(nextVersion('large', version));
      },
      (committed) => 'held' in committed,
    );
    expect(outcome).toEqual({ outcome: 'committed', held: true });
  });
});

describe('the relay', () => {
  it('publishes every event once, in version order per aggregate, when several relays run concurrently', async () => {
    const customers = Array.from({ length: 40 }, () => uniqueId('customer'));
    for (let version = 1; version <= 5; version++) {
      await Promise.all(customers.map((customerId) => commitVersion(customerId, version)));
    }
    const relays = ['a', 'b', 'c'].map((owner) =>
      relayOutbox(store, openPublisher(), { owner, ...RELAY }, systemRuntime),
    );
    const relayed = await Promise.all(relays);
    expect(relayed.reduce((sum, count) => sum + count, 0)).toBe(200);
    const versions = Map.groupBy(
      published().map((body) => JSON.parse(body)),
      ({ aggregateId }) => aggregateId,
    );
    for (const customerId of customers) {
      expect(versions.get(customerId)?.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
    }
  });

  it('publishes nothing while the hub is down, and everything afterwards', async () => {
    eventHubs.setAvailable(false);
    const publisher = openPublisher();
    const customerIds = Array.from({ length: 5 }, () => uniqueId('customer'));
    await Promise.all(customerIds.map((customerId) => commitVersion(customerId, 1)));
    expect(await relayOutbox(store, publisher, { owner: 'relay', ...RELAY, leaseMs: 300 }, systemRuntime)).toBe(0);
    eventHubs.setAvailable(true);
    await eventually(
      async () => {
        await relayOutbox(store, publisher, { owner: 'relay', ...RELAY }, systemRuntime);
        return unpublished();
      },
      (left) => left.length === 0,
    );
    expect(new Set(published().map((body) => JSON.parse(body).aggregateId))).toEqual(new Set(customerIds));
  });

  it('publishes younger events when the oldest ones belong to a partition that is unavailable', async () => {
    const sent: unknown[] = [];
    const send = async ({ aggregateId, body }: { readonly aggregateId: string; readonly body: string }) => {
      if (aggregateId === 'a-stuck') return 'failed';
      sent.push(JSON.parse(body).version);
      return 'sent';
    };
    for (const version of [1, 2, 3, 4]) await commitVersion('a-stuck', version);
    for (const version of [1, 2]) await commitVersion('b-healthy', version);

    expect(await relayOutbox(store, { send }, { owner: 'relay', ...RELAY, batchSize: 2 }, systemRuntime)).toBe(2);

    expect(sent).toEqual([1, 2]);
  });

  it('claims twice at most when the hub accepts nothing', async () => {
    for (let customer = 1; customer <= 12; customer++) await commitVersion(uniqueId('customer'), 1);
    const limits: number[] = [];
    const outbox: Parameters<typeof relayOutbox>[0] = {
      claim: (request) => {
        limits.push(request.limit);
        return store.claim(request);
      },
      markPublished: (eventIds) => store.markPublished(eventIds),
      recordRefusals: (request) => store.recordRefusals(request),
    };
    const down = { send: async () => 'failed' as const };

    expect(await relayOutbox(outbox, down, { owner: 'relay', ...RELAY, batchSize: 2 }, systemRuntime)).toBe(0);

    expect(limits).toEqual([2, 10]);
  });

  it('claims large events in several parts, and publishes all of them', async () => {
    for (let customer = 1; customer <= 6; customer++) await commitVersion(uniqueId('customer'), 1, 'x'.repeat(1_000));
    const claims: number[] = [];
    const outbox: Parameters<typeof relayOutbox>[0] = {
      claim: async (request) => {
        const claimed = await store.claim(request);
        claims.push(claimed.length);
        return claimed;
      },
      markPublished: (eventIds) => store.markPublished(eventIds),
      recordRefusals: (request) => store.recordRefusals(request),
    };
    const hub = { send: async () => 'sent' as const };

    const settings = { owner: 'relay', ...RELAY, batchCharacters: 2_000 };
    expect(await relayOutbox(outbox, hub, settings, systemRuntime)).toBe(6);

    expect(claims).toEqual([2, 2, 2, 0]);
  });

  it('claims more of large events when the hub accepts none of the oldest ones', async () => {
    for (let customer = 1; customer <= 12; customer++) await commitVersion(uniqueId('customer'), 1, 'x'.repeat(1_000));
    const sent: string[] = [];
    const send = async ({ aggregateId }: { readonly aggregateId: string }) => {
      sent.push(aggregateId);
      return 'failed' as const;
    };

    const settings = { owner: 'relay', ...RELAY, batchCharacters: 2_000 };
    expect(await relayOutbox(store, { send }, settings, systemRuntime)).toBe(0);

    expect(new Set(sent).size).toBeGreaterThan(5);
    expect(new Set(sent).size).toBeLessThan(12);
  });

  it('sets an event aside that the hub refuses, with the later versions of its aggregate, and publishes all others', async () => {
    const [large, ...others] = ['large', 'a', 'b', 'c', 'd', 'e', 'f'];
    await commitTooLarge(large ?? '', 1);
    await commitVersion(large ?? '', 2);
    for (const customerId of others) for (const version of [1, 2]) await commitVersion(customerId, version);
    const warnings: string[] = [];
    const warn = (text: string) => warnings.push(text);
    const publisher = openPublisher();

    // each batch of the first run has the refused event, until it is set aside
    const relayed = await relayOutbox(
      store,
      publisher,
      { owner: 'relay', ...RELAY, batchSize: 3, warn },
      systemRuntime,
    );
    expect(relayed).toBe(12);
    await eventually(
      async () => {
        await relayOutbox(store, publisher, { owner: 'relay', ...RELAY, warn }, systemRuntime);
        return store.backlog();
      },
      ({ setAside }) => setAside === 1,
    );

    expect(new Set(published().map((body) => JSON.parse(body).aggregateId))).toEqual(new Set(others));
    expect(await store.backlog()).toEqual({ oldestMs: 0, setAside: 1, waiting: 1, unpublished: 2 });
    expect(warnings).toEqual([expect.stringContaining('version 1 of Customer large')]);
  });

  it('publishes the events that shared a batch with one that the hub refuses', async () => {
    const refusals: string[] = [];
    // like a hub that gets all three in one batch first, and then each one alone
    const send = async ({ aggregateId }: { readonly aggregateId: string }) => {
      if (aggregateId !== 'bad' && refusals.includes(aggregateId)) return 'sent';
      refusals.push(aggregateId);
      return 'refused';
    };
    for (const customerId of ['a', 'bad', 'b']) await commitVersion(customerId, 1);

    expect(await relayOutbox(store, { send }, { owner: 'relay', ...RELAY }, systemRuntime)).toBe(2);

    expect(refusals.toSorted()).toEqual(['a', 'b', 'bad', 'bad']);
  });

  it('leaves recent events to the publisher that runs after the commit', async () => {
    await commitVersion(uniqueId('customer'), 1);
    expect(
      await relayOutbox(store, openPublisher(), { owner: 'relay', ...RELAY, olderThanMs: 60_000 }, systemRuntime),
    ).toBe(0);
  });
});
