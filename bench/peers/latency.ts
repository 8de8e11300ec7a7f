/** The delays of Azure's services within a region, in milliseconds for a request and its answer. */
export interface Latency {
  readonly sqlMs: number;
  readonly eventHubsMs: number;
  readonly cosmosDbMs: number;
}

export const NO_LATENCY: Latency = { sqlMs: 0, eventHubsMs: 0, cosmosDbMs: 0 };
export const CLOUD_LATENCY: Latency = { sqlMs: 2, eventHubsMs: 8, cosmosDbMs: 5 };
