/** The naive way: commits the order, then sends the event and waits. A crash in between loses the event. Argument: settings as JSON. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CosmosClient } from '@azure/cosmos';
import { EventHubProducerClient } from '@azure/event-hubs';
import { portOf } from '../../../local/listening-server.ts';
import { openNaiveWriteStore } from '../../system/naive-write-store.ts';
import type { PlaceOrder } from '../order.ts';
import { reportReady } from '../peer-process.ts';
import { CONTAINER, DATABASE, HUB } from './names.ts';

/** Settings of the server. */
export interface ServerSettings {
  /** SQLite file. */
  readonly file: string;
  /** Connection string. */
  readonly eventHubs: string;
  /** Connection string. */
  readonly cosmosDb: string;
  /** Duration of a round trip to the database in milliseconds; 0 for none. */
  readonly sqlLatencyMs: number;
  /** Maximum number of concurrent transactions. */
  readonly sqlConnections: number;
}

const settings: ServerSettings = JSON.parse(process.argv[2] ?? '{}');
const writeStore = openNaiveWriteStore(settings.file, settings.sqlLatencyMs, settings.sqlConnections);
const producer = new EventHubProducerClient(settings.eventHubs, HUB);
const cosmos = new CosmosClient(settings.cosmosDb);
const container = cosmos.database(DATABASE).container(CONTAINER);

async function placeOrder(order: PlaceOrder): Promise<object> {
  await writeStore.insert(order);
  await producer.sendBatch([{ body: { eventType: 'OrderPlaced', timestamp: new Date().toISOString(), data: order } }]);
  return { orderId: order.orderId, status: 'accepted' };
}

async function count(): Promise<object> {
  const { resources } = await container.items.query<number>('SELECT VALUE COUNT(1) FROM c').fetchAll();
  return { stored: writeStore.count(), projected: resources[0] ?? 0 };
}

async function answer({ method, url = '' }: IncomingMessage, body: string): Promise<readonly [number, unknown]> {
  if (method === 'POST' && url === '/api/orders') return [202, await placeOrder(JSON.parse(body))];
  if (url === '/count') return [200, await count()];
  const orderId = url.slice('/api/orders/'.length);
  const { resource } = await container.item(orderId, orderId).read();
  return resource === undefined ? [404, { error: 'not found' }] : [200, resource];
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const [status, body] = await answer(request, Buffer.concat(chunks).toString()).catch(
    (error: unknown) => [500, { error: String(error) }] as const,
  );
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const server = createServer((request, response) => void respond(request, response)).listen(0, '127.0.0.1', () => {
  reportReady(`http://127.0.0.1:${portOf(server)}`, async () => {
    await producer.close();
    cosmos.dispose();
    writeStore.close();
  });
});
