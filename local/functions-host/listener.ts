import type { AppSettings } from './app-settings.ts';
import type { Invoker } from './invocation.ts';
import type { Log } from './log.ts';
import type { EventHubSettings } from './settings.ts';

/** What triggers need of the host. */
export interface TriggerHost {
  readonly invoker: Invoker;
  readonly settings: AppSettings;
  readonly eventHubs: EventHubSettings;
  readonly log: Log;
}

/** Waits for what triggers one function, other than HTTP. */
export interface TriggerListener {
  start(): void;
  /** Takes no new work, lets the work in hand end and gives back what it holds. */
  stop(): Promise<void>;
}
