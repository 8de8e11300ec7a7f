import type { EventHubConsumerClient } from '@azure/event-hubs';
import type { Connection } from 'rhea-promise';
import { z } from 'zod';

/** `ConnectionEvents` of rhea-promise. Importing them could load another build of rhea-promise than the SDK does. */
const DISCONNECTED = 'disconnected';
const ERROR = 'error';

/**
 * An option of rhea that its types lack. Without it, the socket delays a frame until the service has acknowledged the previous one, which
 * takes 40 ms if the service does not respond to it. Consumers open their links one after the other, so a start would take a second longer.
 */
const NO_DELAY = 'tcp_no_delay';

/** The part of a consumer client's context that is used here (`connectionContext.ts` of `@azure/event-hubs`). */
const anyConnection = z.custom<Connection>((value) => value instanceof Object && 'once' in value);
const context = z.looseObject({ connection: anyConnection });
const contextOf = (client: EventHubConsumerClient) => Reflect.get(client, '_context');

interface SharedConnection {
  /** The client that has opened it. */
  readonly owner: EventHubConsumerClient;
  readonly onLost: Set<() => void>;
}

/**
 * Lets all consumers of a hub share one AMQP connection. By default, each client of the SDK opens its own, and no option changes that: an
 * event that nine functions consume would be nine packets each way, each of which wakes up this process and the service.
 */
export class HubConnections {
  readonly #shared = new Map<string, SharedConnection>();

  /**
   * Makes a new client use the connection of its hub. Close the client's subscriptions, but not the client.
   * @param hub identifies the hub and the credentials
   * @param onLost called when the connection is lost or dropped. The SDK does not report this, and notices it only when its current wait
   * for events ends.
   * @returns a function that stops the calls of `onLost`
   */
  share(hub: string, client: EventHubConsumerClient, onLost: () => void): () => void {
    const shared = this.#shared.get(hub) ?? this.#open(hub, client);
    Reflect.set(client, '_context', contextOf(shared.owner));
    shared.onLost.add(onLost);
    return () => void shared.onLost.delete(onLost);
  }

  /**
   * Closes the connection of a client that no longer works, and reports the loss to all clients that share it. The next client opens a
   * new one.
   */
  async drop(hub: string, client: EventHubConsumerClient): Promise<void> {
    const shared = this.#shared.get(hub);
    if (shared === undefined || contextOf(shared.owner) !== contextOf(client)) return;
    // Not left to `disconnected`, which a connection that closes properly does not emit.
    this.#lose(hub, shared);
    await closed(shared);
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await Promise.all([...this.#shared.values()].map(closed));
  }

  #open(hub: string, owner: EventHubConsumerClient): SharedConnection {
    const shared: SharedConnection = { owner, onLost: new Set() };
    const { connection } = context.parse(contextOf(owner));
    Reflect.set(connection.options, NO_DELAY, true);
    connection.once(DISCONNECTED, () => this.#lose(hub, shared));
    // The SDK stops listening when it replaces a lost connection. An error that rhea then reports would end the process.
    connection.addListener(ERROR, () => undefined);
    this.#shared.set(hub, shared);
    return shared;
  }

  #lose(hub: string, shared: SharedConnection): void {
    if (this.#shared.get(hub) === shared) this.#shared.delete(hub);
    for (const callback of shared.onLost) callback();
  }
}

/** Closes a connection. An error means that the connection is lost already. */
async function closed({ owner }: SharedConnection): Promise<void> {
  await owner.close().catch(() => undefined);
}
