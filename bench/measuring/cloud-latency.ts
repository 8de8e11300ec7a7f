/** How long a request to each service and its response take together, in milliseconds. */
export interface Latency {
  readonly sqlMs: number;
  readonly eventHubsMs: number;
  readonly cosmosDbMs: number;
}

/** For services on the same machine. */
export const NO_LATENCY: Latency = { sqlMs: 0, eventHubsMs: 0, cosmosDbMs: 0 };

/** For Azure services in the region of the app. */
export const CLOUD_LATENCY: Latency = { sqlMs: 2, eventHubsMs: 8, cosmosDbMs: 5 };
