import { type Authenticate, createAuthenticate } from '../shared/auth/authenticate.ts';
import type { CommandsConfig } from '../shared/config.ts';
import { appCredential } from '../shared/credential.ts';
import { type EventPublisher, openEventPublisher } from '../shared/event-hubs/event-publisher.ts';
import { ORDER_EVENTS_HUB } from '../shared/event-hubs/hub.ts';
import { Problem } from '../shared/http/problem.ts';
import { type MasterKey, openMasterKey } from '../shared/personal-data/master-key.ts';
import { publishAfterCommit } from './outbox/publish-after-commit.ts';
import type { Command } from './pipeline/command.ts';
import { authorize, type CommandBus, createCommandBus } from './pipeline/command-bus.ts';
import { telemetry } from './pipeline/telemetry.ts';
import { openWriteStore } from './write-store/open-write-store.ts';
import type { CustomerKeys, Outbox, WriteStore } from './write-store/write-store.ts';

/** What the command app's functions share. */
export interface CommandRuntime {
  readonly authenticate: Authenticate;
  readonly bus: CommandBus;
  readonly store: WriteStore & Outbox & CustomerKeys;
  readonly masterKey: MasterKey;
  readonly publisher: EventPublisher;
  /** Sends and marks what is on its way, then closes all connections. */
  close(): Promise<void>;
}

async function openRuntime(config: CommandsConfig, commands: readonly Command[]): Promise<CommandRuntime> {
  const { sql, orders, eventHub, auth } = config;
  const warn = (text: string) => console.warn(text);
  const masterKey = openMasterKey(config.masterKey);
  masterKey.newest().catch(() => undefined); // while the store is opened; who needs it asks again
  const store = await openWriteStore(sql.connectionString, { tokenCredential: appCredential(sql.identityClientId) });
  const publisher = openEventPublisher(eventHub, ORDER_EVENTS_HUB, warn);
  const afterCommit = publishAfterCommit(publisher, store, warn);
  const dependencies = { store, publish: afterCommit.publish, masterKey, settings: orders };
  return {
    authenticate: createAuthenticate(auth),
    bus: createCommandBus(commands, dependencies, [telemetry, authorize]),
    store,
    masterKey,
    publisher,
    close: async () => {
      await publisher.close();
      await afterCommit.flush();
      await store.close();
    },
  };
}

let open: (() => Promise<CommandRuntime>) | undefined;
let opened: Promise<CommandRuntime> | undefined;

/** Says what the runtime is made of; the app's entry calls it once, before any function runs. */
export function configureRuntime(config: CommandsConfig, commands: readonly Command[]): void {
  open = () => openRuntime(config, commands);
}

/** The runtime, opened at the first call. Throws Problem `unavailable` when it can't be; the next call tries again. */
export async function runtime(): Promise<CommandRuntime> {
  if (open === undefined) throw new Error('The command app is not configured.');
  opened ??= open().catch((cause: unknown) => {
    opened = undefined;
    throw new Problem('unavailable', 'Orders cannot be written at the moment: try again.', { retryAfter: 5, cause });
  });
  return opened;
}

/** Closes the runtime if it was ever opened. */
export async function closeRuntime(): Promise<void> {
  await (await opened)?.close();
}
