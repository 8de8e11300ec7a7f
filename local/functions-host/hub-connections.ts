import type { EventHubConsumerClient } from '@azure/event-hubs';
import { Connection, ConnectionEvents } from 'rhea-promise';
import { z } from 'zod';

/** What a consumer client keeps of its connection (`connectionContext.ts` of `@azure/event-hubs`). */
const context = z.looseObject({ connection: z.instanceof(Connection) });
const contextOf = (client: EventHubConsumerClient) => Reflect.get(client, '_context');

interface SharedConnection {
  /** The client that has opened it. */
  readonly owner: EventHubConsumerClient;
  readonly onLost: (() => void)[];
}

/**
 * Lets all consumers of a hub share one AMQP connection. Each client of the SDK opens its own, and has no option for that: an event that
 * nine functions consume would then be nine packets each way, each of which wakes up this process and the service.
 */
export class HubConnections {
  readonly #shared = new Map<string, SharedConnection>();

  /**
   * Makes a new client use the connection of its hub. Do not close the client, but its subscriptions.
   * @param hub identifies the hub and the credentials
   * @param onLost called when the connection is lost. The SDK tells nobody, and notices it only when its current wait for events ends.
   */
  share(hub: string, client: EventHubConsumerClient, onLost: () => void): void {
    const shared = this.#shared.get(hub) ?? this.#open(hub, client);
    Reflect.set(client, '_context', contextOf(shared.owner));
    shared.onLost.push(onLost);
  }

  /** Closes the connection of a client that no longer works, so that all of its clients lose it. The next client opens a new one. */
  async drop(hub: string, client: EventHubConsumerClient): Promise<void> {
    const shared = this.#shared.get(hub);
    if (shared === undefined || contextOf(shared.owner) !== contextOf(client)) return;
    this.#shared.delete(hub);
    await closed(shared);
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await Promise.all([...this.#shared.values()].map(closed));
  }

  #open(hub: string, owner: EventHubConsumerClient): SharedConnection {
    const shared: SharedConnection = { owner, onLost: [] };
    const { connection } = context.parse(contextOf(owner));
    connection.once(ConnectionEvents.disconnected, () => {
      if (this.#shared.get(hub) === shared) this.#shared.delete(hub);
      for (const callback of shared.onLost) callback();
    });
    this.#shared.set(hub, shared);
    return shared;
  }
}

/** Closes a connection. One that cannot be closed is lost in any case. */
async function closed({ owner }: SharedConnection): Promise<void> {
  await owner.close().catch(() => undefined);
}
