/** rhea as a client of the Event Hubs stand-in, for what the SDK for JavaScript does not do itself. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import rhea, { type Connection, type ContainerOptions, type Message, type Receiver, type Sender } from 'rhea';
import { onTestFinished } from 'vitest';
import type { EventHubsServer } from '../../local/event-hubs/server.ts';
import { HUB } from './event-hubs-clients.ts';

export const PUT_TOKEN = { operation: 'put-token', type: 'servicebus.windows.net:sastoken', name: 'sb://localhost/' };

/** A policy's name and key, with which rhea signs in by SASL PLAIN. */
export const POLICY = { username: 'local', password: 'local' };

const HOUR_SECONDS = 3_600;

/** A SAS token for an hour. By default it is valid. */
export function sasToken({ key = POLICY.password, name = POLICY.username, lifetime = HOUR_SECONDS } = {}): string {
  const resource = encodeURIComponent('sb://localhost/');
  const expiry = Math.floor(Date.now() / 1000) + lifetime;
  const signature = createHmac('sha256', key).update(`${resource}\n${expiry}`).digest('base64');
  return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}&se=${expiry}&skn=${name}`;
}

/** Opens a connection, without signing in unless the options say so; it is closed when the test ends. */
export function connect(server: EventHubsServer, options: ContainerOptions = {}): Connection {
  const container = rhea.create_container(options);
  container.on('disconnected', () => {});
  const connection = container.connect({ host: '127.0.0.1', port: server.port, reconnect: false, ...options });
  onTestFinished(() => connection.close());
  return connection;
}

/** What differs between the requests of clients. */
export interface RequestStyle {
  /** Of the link for replies. */
  readonly replies?: object;
  /** Of the request; by default the name of the link for replies. */
  readonly replyTo?: string;
  readonly messageId?: string | number | Buffer;
  /** By default a valid SAS token. */
  readonly body?: string;
}

/** Sends a request to a node and resolves to the reply. */
export async function ask(
  connection: Connection,
  node: string,
  properties: NonNullable<Message['application_properties']>,
  { replies: options, replyTo = 'replies', messageId = '1', body = sasToken() }: RequestStyle = {},
): Promise<Message> {
  const replies: Receiver = connection.open_receiver({ name: 'replies', source: node, ...options });
  await once(replies, 'receiver_open');
  const requests = connection.open_sender(node);
  await once(requests, 'sendable');
  requests.send({ message_id: messageId, reply_to: replyTo, body, application_properties: properties });
  const [{ message }] = await once(replies, 'message');
  return message;
}

export function askCbs(
  connection: Connection,
  properties: NonNullable<Message['application_properties']>,
  style: RequestStyle = {},
) {
  return ask(connection, '$cbs', properties, style);
}

/** A connection that has put a token. */
export async function authorized(server: EventHubsServer): Promise<Connection> {
  const connection = connect(server);
  await askCbs(connection, PUT_TOKEN);
  return connection;
}

export async function openSender(server: EventHubsServer, address: string): Promise<Sender> {
  const sender = (await authorized(server)).open_sender(address);
  await once(sender, 'sendable');
  return sender;
}

/** The options of a reader of partition 0. */
export function reader(selector: string) {
  const filter = { 'apache.org:selector-filter:string': rhea.types.wrap_described(selector, 0x468c00000004) };
  return { source: { address: `${HUB}/ConsumerGroups/$Default/Partitions/0`, filter } };
}
