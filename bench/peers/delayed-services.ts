import type { CosmosDbServer } from '../../local/cosmos-db/server.ts';
import type { EventHubsServer } from '../../local/event-hubs/server.ts';
import { startLatencyProxy } from '../measuring/latency-proxy.ts';
import type { Latency } from '../measuring/cloud-latency.ts';

interface Services {
  readonly eventHubs: Pick<EventHubsServer, 'port' | 'connectionString'>;
  readonly cosmosDb: Pick<CosmosDbServer, 'injectFault'>;
}

/**
 * Delays the stand-ins: a proxy in front of Event Hubs delays bytes, and Cosmos DB waits before each operation.
 * @returns the connection string of Event Hubs through the proxy
 */
export async function delayServices({ eventHubs, cosmosDb }: Services, latency: Latency): Promise<string> {
  if (latency.cosmosDbMs > 0) cosmosDb.injectFault({ latencyMs: latency.cosmosDbMs });
  if (latency.eventHubsMs === 0) return eventHubs.connectionString;
  const { port } = await startLatencyProxy(eventHubs.port, latency.eventHubsMs);
  return eventHubs.connectionString.replace(`:${eventHubs.port}`, `:${port}`);
}
