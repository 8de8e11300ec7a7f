import type { DatabaseSync } from 'node:sqlite';
import { CosmosClient } from '@azure/cosmos';
import type { OutboxEvent } from '../src/commands/write-store/outbox.ts';
import { SqliteWriteStore } from '../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { decodeEvent } from '../src/shared/events/decode.ts';
import type { EventEnvelope } from '../src/shared/events/envelope.ts';
import { READ_MODEL_CONTAINERS, SALES_LIVE, SHIPPING_BOARD } from '../src/shared/read-models/containers.ts';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import { openDatabase } from '../src/shared/write-database/sqlite/database.ts';
import type { SentCommand } from '../test/support/commands/command-bus.ts';
import { storedKeys } from '../test/support/events/personal-data.ts';
import { openReadSide } from './read-side.ts';
import { openShop } from './shop.ts';

/** The events of an order's life, as most orders have it. */
export const LIFE = ['OrderPlaced', 'OrderConfirmed', 'OrderShipped', 'OrderDelivered'] as const;

/** What an order costs from its placing to its delivery. */
export interface LifeCounts {
  /** By event type: bytes as stored and sent. */
  readonly eventBytes: Readonly<Record<string, number>>;
  /** By read model, then by event type: request units per event, as the stand-in estimates them. */
  readonly requestUnits: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By read model: bytes of the documents per order, without indexes; 0 where they expire. */
  readonly documentBytes: Readonly<Record<string, number>>;
  /** Bytes by which the SQLite write store grows per order. */
  readonly databaseBytes: number;
}

/**
 * Counts what orders cost from their placing to their delivery, per order. The customers' registrations have been projected before.
 * @param lines lines of each order, each with a product of its own; all orders have the same products
 * @param orders orders in a batch, each with its own customer
 */
export async function countLife(lines: number, orders: number): Promise<LifeCounts> {
  const { registered, lives, databaseBytes } = await eventsOfLives(lines, orders);
  const readSide = await openReadSide();
  const requestUnits: Record<string, Record<string, number>> = {};
  for (const [readModel, project] of readSide.projections) {
    const byType: Record<string, number> = {};
    await project(registered);
    for (const [eventType, { events }] of lives) {
      readSide.requests.reset();
      await project(events);
      byType[eventType] = round(readSide.requests.requestCharge() / orders);
    }
    requestUnits[readModel] = byType;
  }
  const documentBytes = await storedBytes(readSide.connectionString, orders);
  await readSide.close();
  const eventBytes = Object.fromEntries([...lives].map(([type, { bytes }]) => [type, round(bytes / orders)]));
  return { eventBytes, requestUnits, documentBytes, databaseBytes: Math.round(databaseBytes / orders) };
}

const round = (value: number) => Math.round(value * 100) / 100;

/** The read models whose documents expire: within weeks after the delivery, and within days. */
const TEMPORARY: readonly string[] = [SHIPPING_BOARD.readModel, SALES_LIVE.readModel];

async function storedBytes(connectionString: string, orders: number): Promise<Readonly<Record<string, number>>> {
  const client = new CosmosClient(connectionString);
  const bytes: Record<string, number> = {};
  for (const { name, readModel } of READ_MODEL_CONTAINERS) {
    const { resources } = await client.database('orders').container(name).items.readAll().fetchAll();
    const stored = Math.round(Buffer.byteLength(JSON.stringify(resources)) / orders);
    bytes[readModel] = TEMPORARY.includes(readModel) ? 0 : stored;
  }
  client.dispose();
  return bytes;
}

interface EventsOfType {
  readonly events: EventEnvelope[];
  bytes: number;
}

interface Lives {
  /** The registrations of the customers. */
  readonly registered: readonly EventEnvelope[];
  /** By type, in the order of an order's life. */
  readonly lives: ReadonlyMap<string, EventsOfType>;
  /** Bytes by which the write store has grown, customers included. */
  readonly databaseBytes: number;
}

async function eventsOfLives(lines: number, orders: number): Promise<Lives> {
  const { database } = await openDatabase(':memory:', systemRuntime);
  const store = new SqliteWriteStore(database, systemRuntime);
  const shop = await openShop(store, 'life');
  const bytesBefore = bytesOf(database);
  const lives = new Map<string, EventsOfType>(LIFE.map((type) => [type, { events: [], bytes: 0 }]));
  const decoded = ({ body }: OutboxEvent): EventEnvelope => {
    const one = decodeEvent(body, storedKeys(database));
    if (one.kind !== 'event') throw new Error('An event that was published cannot be read.');
    return one.event;
  };
  const registered: EventEnvelope[] = [];
  for (let order = 0; order < orders; order++) {
    const place = await shop.newOrder(lines);
    registered.push(decoded(place.registered));
    for (const command of commandsOf(place)) {
      const published = await shop.send(command);
      const event = decoded(published);
      const ofType = lives.get(event.eventType);
      if (ofType === undefined) throw new Error(`${event.eventType} is no event of an order's life.`);
      ofType.events.push(event);
      ofType.bytes += Buffer.byteLength(published.body);
    }
  }
  const databaseBytes = bytesOf(database) - bytesBefore;
  await store.close();
  return { registered, lives, databaseBytes };
}

const bytesOf = (database: DatabaseSync): number =>
  Number(
    database.prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size').get()?.bytes,
  );

const commandsOf = (place: SentCommand & { readonly on: string }): readonly SentCommand[] => [
  place,
  { type: 'ConfirmOrder', on: place.on },
  { type: 'ShipOrder', on: place.on, data: { carrier: 'DHL', trackingNumber: '00340434161094042557' } },
  { type: 'DeliverOrder', on: place.on },
];
