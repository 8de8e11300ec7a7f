import { commands } from '../../src/commands/functions.ts';
import { publishAfterCommit } from '../../src/commands/outbox/publish-after-commit.ts';
import type { Command } from '../../src/commands/pipeline/command.ts';
import { authorize, type CommandBus, createCommandBus } from '../../src/commands/pipeline/command-bus.ts';
import type { HandleDependencies } from '../../src/commands/pipeline/handle-command.ts';
import { telemetry } from '../../src/commands/pipeline/telemetry.ts';
import type { Outbox } from '../../src/commands/write-store/outbox.ts';
import type { CommandCommit, LoadRequest, WriteStore } from '../../src/commands/write-store/write-store.ts';
import { openEventPublisher } from '../../src/shared/event-hubs/event-publisher.ts';
import { ORDER_EVENTS_HUB } from '../../src/shared/event-hubs/hub.ts';
import type { MasterKey } from '../../src/shared/personal-data/master-key.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { envelopeOf, SETTINGS } from '../../test/support/commands/command-bus.ts';
import { type OrderBody, placeCommand } from './sample-orders.ts';

type Store = Pick<WriteStore, 'load' | 'commit'> & Pick<Outbox, 'markPublished' | 'recordRefusals'>;

/** The two calls that a command makes to the write store. */
export interface StoreCalls {
  readonly request: LoadRequest;
  readonly commit: CommandCommit;
}

/** What of the command app is measured in this process. */
export interface CommandLayers {
  /** Decides the commands, and returns the calls that each would make, without the commit. */
  callsOf(orders: readonly OrderBody[]): Promise<readonly StoreCalls[]>;
  /** Makes both calls. */
  call(calls: StoreCalls): Promise<void>;
  /** Publishes nothing. */
  readonly bus: CommandBus;
  /** Publishes each event after its commit. */
  readonly publishingBus: CommandBus;
  /** Resolves when the hub has acknowledged every event, and each is marked. */
  published(): Promise<void>;
  close(): Promise<void>;
}

/** @param hub connection string of Event Hubs */
export function openCommandLayers(store: Store, masterKey: MasterKey, hub: string): CommandLayers {
  const connection = { kind: 'connectionString', connectionString: hub } as const;
  const publisher = openEventPublisher(connection, ORDER_EVENTS_HUB, console.error, systemRuntime);
  const sending = new Set<Promise<unknown>>();
  const send: typeof publisher.send = (event) => {
    const outcome = publisher.send(event);
    sending.add(outcome);
    return outcome;
  };
  const afterCommit = publishAfterCommit({ send }, store, console.error, systemRuntime);
  const busOf = (changes: Partial<HandleDependencies>) => {
    const dependencies = {
      store,
      publish: () => {},
      masterKey,
      settings: SETTINGS,
      runtime: systemRuntime,
      ...changes,
    };
    const all: readonly Command[] = commands;
    return createCommandBus(all, dependencies, [telemetry(systemRuntime), authorize]);
  };
  return {
    callsOf: async (orders) => {
      const calls: StoreCalls[] = [];
      for (const order of orders) calls.push(await callsOf(order, store, busOf));
      return calls;
    },
    call: async ({ request, commit }) => {
      await store.load(request);
      const { outcome } = await store.commit(commit);
      if (outcome !== 'committed') throw new Error(`A commit was not accepted: ${outcome}.`);
    },
    bus: busOf({}),
    publishingBus: busOf({ publish: afterCommit.publish }),
    published: async () => {
      await Promise.all(sending);
      sending.clear();
      await afterCommit.flush();
    },
    close: () => publisher.close(),
  };
}

async function callsOf(
  order: OrderBody,
  store: Store,
  busOf: (changes: Partial<HandleDependencies>) => CommandBus,
): Promise<StoreCalls> {
  let request: LoadRequest | undefined;
  let commit: CommandCommit | undefined;
  const recording: HandleDependencies['store'] = {
    load: (one) => {
      request = one;
      return store.load(one);
    },
    commit: async (one) => {
      commit = one;
      return { outcome: 'committed' };
    },
  };
  await busOf({ store: recording }).dispatch(envelopeOf(placeCommand(order)));
  if (request === undefined || commit === undefined) throw new Error('The command has made no calls.');
  return { request, commit };
}
