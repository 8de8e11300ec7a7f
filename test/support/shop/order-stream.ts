import fc from 'fast-check';
import { openEventPublisher } from '../../../src/shared/event-hubs/event-publisher.ts';
import { ORDER_EVENTS_HUB } from '../../../src/shared/event-hubs/hub.ts';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { customerChanged, customerRegistered } from '../events/events.ts';
import { LIVES, orderEvent } from '../events/order-lives.ts';
import { uniqueId } from '../system/api-client.ts';
import { progress } from '../system/progress.ts';
import type { TestSystem } from '../system/system.ts';

const CUSTOMERS_PER_ORDER = 0.05;
/** Orders between two changes of a customer's name. */
const ORDERS_PER_CHANGE = 20;
/** The orders are placed on this many days, the last of them now. */
const DAYS = 10;
const DAY_MS = 86_400_000;

/** The log of a shop with this many orders, which go through all lifecycles while customers change their names. */
export function logOfOrders(count: number): readonly EventEnvelope[] {
  const prefix = uniqueId('shop');
  const customers = Array.from({ length: Math.ceil(count * CUSTOMERS_PER_ORDER) }, (_, index) => ({
    id: `${prefix}-customer-${index}`,
    name: `Customer ${index}`,
    version: 1,
  }));
  const log: EventEnvelope[] = customers.map(({ id }) => customerRegistered({ aggregateId: id }));
  for (let index = 0; index < count; index++) {
    const customer = customers[(index * 7) % customers.length];
    const renamed = customers[(index * 11) % customers.length];
    const life = LIVES[index % LIVES.length];
    if (customer === undefined || renamed === undefined || life === undefined)
      throw new Error('There are no customers or lifecycles.');
    const of = { customerId: customer.id, customerName: customer.name, customerVersion: customer.version };
    const placedAt = new Date(systemRuntime.now() - (index % DAYS) * DAY_MS).toISOString();
    const order = { ...of, total: 100 + index, placedAt };
    log.push(...life.map((step, at) => orderEvent(`${prefix}-order-${index}`, at + 1, { ...order, ...step })));
    if (index % ORDERS_PER_CHANGE > 0) continue;
    renamed.version++;
    renamed.name = `Customer with name ${renamed.version}`;
    log.push(customerChanged({ aggregateId: renamed.id, version: renamed.version }, renamed.name));
  }
  return log;
}

/** Events between which an event may be delivered too early or too late. */
const WINDOW = 40;
const TWICE_PER_CENT = 10;

/** The log as a hub may deliver it: some events twice, and nearby ones in any order. Deterministic. */
export function asDelivered(log: readonly EventEnvelope[]): readonly EventEnvelope[] {
  const random = fc.sample(fc.noBias(fc.nat({ max: 99 })), { seed: 1, numRuns: 4 * log.length }).values();
  const next = () => random.next().value ?? 0;
  const places = log.flatMap((event, place) => {
    const copies = next() < TWICE_PER_CENT ? 2 : 1;
    return Array.from({ length: copies }, () => ({ event, place: place + (next() / 100) * WINDOW }));
  });
  return places.sort((a, b) => a.place - b.place).map(({ event }) => event);
}

/** Events per round. The hub acknowledges all of them before the next round. */
const AT_A_TIME = 500;

/** Publishes events to the hub, as the outbox does. Retries an event that the hub does not accept. */
export async function publish({ azure }: TestSystem, events: readonly EventEnvelope[]): Promise<void> {
  const connection = { kind: 'connectionString' as const, connectionString: azure.eventHubs.connectionString };
  const publisher = openEventPublisher(connection, ORDER_EVENTS_HUB, () => {}, systemRuntime);
  const send = async (event: EventEnvelope, id: string): Promise<void> => {
    const message = { eventId: id, aggregateId: event.aggregateId, body: JSON.stringify(event) };
    while ((await publisher.send(message)) !== 'sent');
  };
  for (let sent = 0; sent < events.length; sent += AT_A_TIME) {
    const some = events.slice(sent, sent + AT_A_TIME);
    // The publisher identifies events by id; unique ids let it send duplicates, too.
    await Promise.all(some.map((event, index) => send(event, `${sent + index}`)));
    progress(`${sent + some.length} of ${events.length} events published`);
  }
  await publisher.close();
}
