import type { Demand } from './demand.ts';

/**
 * What uses a resource: every request, a command, an event once, an event in each consumer group, each batch of these, an event in the
 * consumer group of one read model, or a read. `limit`: a bound of size or concurrency, without a queue of its own.
 */
export type Stage = 'request' | 'command' | 'publish' | 'partition' | 'batch' | 'read-model' | 'read' | 'limit';

/** A service's resource that can run out. */
export interface Resource {
  readonly id: string;
  readonly service: string;
  readonly what: string;
  readonly unit: string;
  readonly stage: Stage;
  /** Whose events use it, in the stage `read-model`. */
  readonly readModel?: string;
  needed(demand: Demand): number;
  /** What `infra/prod.bicepparam` gives. */
  readonly deployed: number;
  /** The most that one system of this design can have. */
  readonly most: number;
  /** How to get from what is deployed to the most. */
  readonly raise: string;
  /** What to change beyond that. */
  readonly redesign: string;
}
