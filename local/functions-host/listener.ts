import type { AppSettings } from './app-settings.ts';
import type { HubConnections } from './hub-connections.ts';
import type { Invoker } from './invocation.ts';
import type { Log } from './log.ts';
import type { EventHubSettings } from './settings.ts';

/** What triggers need from the host. */
export interface TriggerHost {
  readonly invoker: Invoker;
  readonly settings: AppSettings;
  readonly eventHubs: EventHubSettings;
  readonly connections: HubConnections;
  readonly log: Log;
}

/** Listens for the events of one function's trigger, other than HTTP. */
export interface TriggerListener {
  start(): void;
  /** Accepts no new work, waits for running work to finish, and releases leases and partitions. */
  stop(): Promise<void>;
}
