import { EventHubProducerClient } from '@azure/event-hubs';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openMemoryStore } from '../../bench/memory-store.ts';
import { type EventHubsServer, startEventHubs } from '../../local/event-hubs/server.ts';
import { commands } from '../../src/commands/functions.ts';
import type { OutboxEvent } from '../../src/commands/write-store/outbox.ts';
import type { Actor } from '../../src/shared/auth/authenticate.ts';
import { openEventPublisher } from '../../src/shared/event-hubs/event-publisher.ts';
import { MAX_AMOUNT } from '../../src/shared/money.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { envelopeOf, INTERNAL_COMMANDS, openCommandBus } from '../support/commands/command-bus.ts';
import { largestCommands, type TextOf } from '../support/commands/largest-commands.ts';
import { testMasterKey } from '../support/events/personal-data.ts';

/** Maximum size of a message on Event Hubs (https://learn.microsoft.com/azure/event-hubs/event-hubs-quotas), in bytes. */
const MAX_BYTES = 1_048_576;

const HUB = 'orders';
let eventHubs: EventHubsServer;
let producer: EventHubProducerClient;
beforeAll(async () => {
  eventHubs = await startEventHubs({ port: 0, hubs: [{ name: HUB, partitions: 1, consumerGroups: [] }] });
  producer = new EventHubProducerClient(eventHubs.connectionString, HUB);
});
afterAll(async () => {
  await producer.close();
  await eventHubs.close();
});

/**
 * The text of an id or of a line in as many code units as given, from characters that take the most bytes per unit: three in UTF-8 for
 * most of them, and for a quotation mark two in JSON.
 */
const textOf: fc.Arbitrary<TextOf> = fc
  .array(fc.constantFrom('語', '€', 'ก', 'ﬃ', '"', '😀'), { minLength: 1, maxLength: 20 })
  .map((characters) => {
    const units = (count: number) =>
      characters
        .join('')
        .repeat(count)
        .slice(0, count - 1);
    return (count) => `${units(count).replace(/[\ud800-\udbff]$/, '語')}語`;
  });

/** What a request can add to its command's event: the caller's `sub` in a header of 32 KB, and the texts of an envelope. */
const requestOf = (text: string, { userId, ...actor }: Actor) => ({
  actor: { ...actor, userId: `${'語'.repeat(8_000)}${userId}` },
  correlationId: text,
  source: text,
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
});

/** Sends the commands, all of which must be accepted. Returns the types that were sent and their events. */
async function eventsOf(textOf: TextOf): Promise<readonly (readonly [commandType: string, event: OutboxEvent])[]> {
  const store = await openMemoryStore();
  const sent: (readonly [string, OutboxEvent])[] = [];
  let published: readonly OutboxEvent[] = [];
  const publish = (events: readonly OutboxEvent[]) => {
    published = events;
  };
  const bus = openCommandBus(store, publish, testMasterKey, {
    maxOpenDrafts: 1,
    erasureNeedsSecondPerson: true,
  });
  for (const command of largestCommands(textOf)) {
    const envelope = envelopeOf(command);
    await bus.dispatch({ ...envelope, ...requestOf(textOf(200), envelope.actor) });
    for (const event of published) sent.push([command.type, event]);
  }
  await store.close();
  return sent;
}

/** The size of an event as the only one of an AMQP message, by the SDK's own encoding; undefined when it does not fit. */
async function encodedBytes({ eventId, aggregateId, body }: OutboxEvent): Promise<number | undefined> {
  const batch = await producer.createBatch({ partitionKey: aggregateId, maxSizeInBytes: MAX_BYTES });
  const event = { body: Buffer.from(body), contentType: 'application/json', messageId: eventId };
  return batch.tryAdd(event) ? batch.sizeInBytes : undefined;
}

it('no command can produce an event that the hub refuses, even with every value at its maximum length and size', async () => {
  await fc.assert(
    fc.asyncProperty(textOf, async (text) => {
      for (const [type, event] of await eventsOf(text)) {
        expect(await encodedBytes(event), type).toBeLessThan(MAX_BYTES);
      }
    }),
    { numRuns: 3, examples: [[(count) => '語'.repeat(count)]] },
  );
});

it('the largest event of each command is sent', async () => {
  const events = new Map(await eventsOf((count) => '語'.repeat(count)));
  const all = [...commands, ...INTERNAL_COMMANDS];
  expect([...events.keys()].toSorted()).toEqual(all.map(({ type }) => type).toSorted());
  const placed = JSON.parse(events.get('PlaceOrder')?.body ?? '');
  expect([placed.order.items.length, placed.order.total]).toEqual([500, MAX_AMOUNT]);

  const connection = { kind: 'connectionString' as const, connectionString: eventHubs.connectionString };
  const publisher = openEventPublisher(connection, HUB, () => {}, systemRuntime);
  const outcomes = await Promise.all([...events.values()].map((event) => publisher.send(event)));
  await publisher.close();
  expect(outcomes).toEqual(outcomes.map(() => 'sent'));
});
