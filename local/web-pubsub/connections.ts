/** All clients, and publishing to some of them. */
import { Connection, type ConnectionSettings } from './connection.ts';
import { encodeMessage, type MessageData, type MessageSource } from './message.ts';

/** Which connections of a hub something is about. */
export type ConnectionSelector = {
  /** In lower case: hub names are case-insensitive. */
  readonly hub: string;
  /** Ids of connections that are left out. */
  readonly excluded?: readonly string[];
} & (
  | { readonly by: 'hub' }
  | { readonly by: 'group'; readonly group: string }
  | { readonly by: 'user'; readonly userId: string }
  | { readonly by: 'id'; readonly connectionId: string }
);

export class Connections {
  readonly #byId = new Map<string, Connection>();

  /** A connection that receives nothing until it is added. */
  create(settings: Omit<ConnectionSettings, 'onEnd'>): Connection {
    return new Connection({ ...settings, onEnd: ({ id }) => this.#byId.delete(id) });
  }

  /** A recovered connection is there already. */
  add(connection: Connection): void {
    if (!connection.hasEnded) this.#byId.set(connection.id, connection);
  }

  find(hub: string, id: string): Connection | undefined {
    const connection = this.#byId.get(id);
    return connection?.hub === hub ? connection : undefined;
  }

  select(selector: ConnectionSelector): readonly Connection[] {
    return [...this.#byId.values()].filter((connection) => isSelected(connection, selector));
  }

  /** Nobody to receive the message is no error: the service does not tell. */
  publishFromServer(selector: ConnectionSelector, data: MessageData): void {
    const source: MessageSource =
      selector.by === 'group' ? { from: 'group', group: selector.group, fromUserId: null } : { from: 'server' };
    this.#publish(selector, source, data);
  }

  publishFromClient(sender: Connection, group: string, data: MessageData, noEcho: boolean): void {
    const selector = { hub: sender.hub, by: 'group', group, excluded: noEcho ? [sender.id] : [] } as const;
    this.#publish(selector, { from: 'group', group, fromUserId: sender.userId }, data);
  }

  abandonAll(): void {
    for (const connection of [...this.#byId.values()]) connection.abandon();
  }

  #publish(selector: ConnectionSelector, source: MessageSource, data: MessageData): void {
    const message = encodeMessage(source, data);
    for (const connection of this.select(selector)) connection.deliver(message);
  }
}

function isSelected(connection: Connection, selector: ConnectionSelector): boolean {
  if (connection.hub !== selector.hub || selector.excluded?.includes(connection.id)) return false;
  switch (selector.by) {
    case 'hub':
      return true;
    case 'group':
      return connection.groups.has(selector.group);
    case 'user':
      return connection.userId === selector.userId;
    case 'id':
      return connection.id === selector.connectionId;
  }
}
