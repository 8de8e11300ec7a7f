/** The Cosmos DB emulator in the place of the stand-in. */
import type { CosmosDbServer } from '../../../local/cosmos-db/server.ts';
import { needsStandIn } from './containers.ts';

/** The emulator goes on after the test. */
export function cosmosDbServerOf(connectionString: string): CosmosDbServer {
  const endpoint = new URL(/AccountEndpoint=([^;]+)/.exec(connectionString)?.[1] ?? '');
  return {
    port: Number(endpoint.port),
    endpoint: endpoint.origin,
    connectionString,
    get requests() {
      return needsStandIn('log of requests');
    },
    injectFault: () => needsStandIn('fault'),
    documents: () => needsStandIn('access to its memory'),
    commit: () => needsStandIn('access to its memory'),
    close: async () => undefined,
  };
}
