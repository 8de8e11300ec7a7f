import { describe, expect, it, onTestFinished } from 'vitest';
import { type EventPublisher, openEventPublisher } from '../../src/shared/event-hubs/event-publisher.ts';
import { partitionForKey } from '../../src/shared/event-hubs/partition-key-hash.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { PARTITIONS, SimulatedHub } from '../simulation/edges/hub.ts';
import { simulatedProducer } from '../simulation/edges/producer.ts';
import { Process } from '../simulation/kernel/process.ts';
import { settledIn } from '../simulation/kernel/settled.ts';
import { World } from '../simulation/kernel/world.ts';
import { HUB, startHub } from './event-hubs-clients.ts';

/** An event in a hub. */
interface Found {
  readonly partitionId: string;
  readonly sequenceNumber: number;
  readonly body: string;
}

/** A hub, and a publisher that sends to it as the apps do. */
interface Publishing {
  readonly publisher: EventPublisher;
  events(): readonly Found[];
  setAvailable(available: boolean): Promise<void>;
  /** Waits for a result, while time passes. */
  settled<Result>(result: Promise<Result>): Promise<Result>;
}

const CONNECTION = 'Endpoint=sb://simulated';
const connectionOf = (connectionString: string) => ({ kind: 'connectionString' as const, connectionString });
const ignore = () => undefined;

async function withTheSdk(): Promise<Publishing> {
  const server = await startHub({ partitions: PARTITIONS.length, empty: true });
  const publisher = openEventPublisher(connectionOf(server.connectionString), HUB, ignore, systemRuntime);
  onTestFinished(() => publisher.close());
  return {
    publisher,
    events: () => server.events(HUB).map(({ body, ...event }) => ({ ...event, body: body.toString() })),
    setAvailable: async (available) => server.setAvailable(available),
    settled: (result) => result,
  };
}

async function inTheSimulation(): Promise<Publishing> {
  const world = new World({ seed: 1 }, {}, false);
  const hub = new SimulatedHub(world, HUB);
  const process = new Process(world, 'process', 1);
  const publisher = openEventPublisher(connectionOf(CONNECTION), HUB, ignore, {
    ...process.runtime,
    openProducer: () => simulatedProducer(world, process, hub),
  });
  return {
    publisher,
    events: () =>
      PARTITIONS.flatMap((partitionId) =>
        hub.after(partitionId, -1).map(({ sequenceNumber, body }) => ({
          partitionId,
          sequenceNumber,
          body: body.toString(),
        })),
      ),
    setAvailable: async (available) => {
      if (available) await world.until(() => !hub.isAway, 120_000);
      else hub.leave(60_000);
    },
    settled: (result) => settledIn(world, result),
  };
}

describe.each([
  ['the SDK with the stand-in', withTheSdk],
  ['the simulation', inTheSimulation],
])('publishing with %s', (_name, open) => {
  const event = (aggregateId: string, body: string) => ({
    eventId: `${aggregateId} ${body.slice(0, 20)}`,
    aggregateId,
    body,
  });
  const isOf =
    (aggregateId: string) =>
    ({ body }: Found) =>
      body.startsWith(`${aggregateId} `);

  it('sends the events of an aggregate to the partition of its id, in order and numbered without gaps', async () => {
    const { publisher, events, settled } = await open();
    const ids = Array.from({ length: 12 }, (_, index) => `order-${index}`);
    const sent = ['1', '2', '3'].flatMap((version) => ids.map((id) => publisher.send(event(id, `${id} ${version}`))));
    expect(new Set(await settled(Promise.all(sent)))).toEqual(new Set(['sent']));
    for (const id of ids) {
      const own = events().filter(isOf(id));
      expect(own.map(({ body }) => body)).toEqual([`${id} 1`, `${id} 2`, `${id} 3`]);
      const partition = String(partitionForKey(id, PARTITIONS.length));
      expect(new Set(own.map(({ partitionId }) => partitionId))).toEqual(new Set([partition]));
    }
    for (const numbers of Map.groupBy(events(), ({ partitionId }) => partitionId).values()) {
      const [first] = numbers;
      const expected = numbers.map((_, index) => (first?.sequenceNumber ?? 0) + index);
      expect(numbers.map(({ sequenceNumber }) => sequenceNumber)).toEqual(expected);
    }
  });

  it('sends more than a batch holds, and refuses only the event that fits into none', async () => {
    const { publisher, events, settled } = await open();
    const sizes = [400_000, 400_000, 400_000, 1_100_000, 400_000];
    const outcomes = sizes.map((size, index) => publisher.send(event('order-1', `${index} ${'x'.repeat(size)}`)));
    expect(await settled(Promise.all(outcomes))).toEqual(['sent', 'sent', 'sent', 'refused', 'sent']);
    expect(events().map(({ body }) => body.slice(0, 1))).toEqual(['0', '1', '2', '4']);
  });

  it('fails to send while the hub is away, and sends again when it is back', async () => {
    const { publisher, events, settled, setAvailable } = await open();
    expect(await settled(publisher.send(event('order-1', '1')))).toBe('sent');
    await setAvailable(false);
    expect(await settled(publisher.send(event('order-1', '2')))).toBe('failed');
    await setAvailable(true);
    expect(await settled(publisher.send(event('order-1', '3')))).toBe('sent');
    expect(events().map(({ body }) => body)).toEqual(['1', '3']);
  });
});
