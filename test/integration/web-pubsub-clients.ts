/** A Web PubSub stand-in and clients of it; all of them end with the test that has started them. */
import { type GenerateClientTokenOptions, WebPubSubServiceClient } from '@azure/web-pubsub';
import { WebPubSubClient, type WebPubSubClientOptions } from '@azure/web-pubsub-client';
import { SignJWT } from 'jose';
import { onTestFinished, vi } from 'vitest';
import { WebSocket as WsClient } from 'ws';
import { startWebPubSub, type WebPubSubOptions, type WebPubSubServer } from '../../local/web-pubsub/server.ts';
import { subprotocols } from '../../local/web-pubsub/subprotocols.ts';

export const HUB = 'orders';
export const ACCESS_KEY = 'an access key for tests with 32 bytes';

export async function startServer(options: WebPubSubOptions = {}): Promise<WebPubSubServer> {
  const server = await startWebPubSub({ port: 0, accessKey: ACCESS_KEY, ...options });
  onTestFinished(() => server.close());
  return server;
}

export function serviceFor(server: WebPubSubServer, hub = HUB): WebPubSubServiceClient {
  return new WebPubSubServiceClient(server.connectionString, hub, { allowInsecureConnection: true });
}

/** A client that gives up at the first refusal. */
export function impatientService(server: WebPubSubServer): WebPubSubServiceClient {
  const options = { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } };
  return new WebPubSubServiceClient(server.connectionString, HUB, options);
}

/** The URL with which the server side invites a client. */
export async function clientUrl(
  server: WebPubSubServer,
  token: GenerateClientTokenOptions,
  hub = HUB,
): Promise<string> {
  return (await serviceFor(server, hub).getClientAccessToken(token)).url;
}

/** Time limit (ms) for quick operations; much more than they take on a busy machine. */
const PATIENCE = { timeout: 120_000, interval: 20 };

export function eventually(assertion: () => void): Promise<void> {
  return vi.waitFor(assertion, PATIENCE);
}

export interface SdkClient {
  readonly client: WebPubSubClient;
  /** The data of all messages, in the order of arrival. */
  readonly received: unknown[];
  readonly disconnects: { readonly connectionId: string | undefined; readonly message: string | undefined }[];
  readonly connectionId: string;
}

/** A started client of the SDK, which uses the reliable subprotocol unless told otherwise. */
export async function sdkClient(
  server: WebPubSubServer,
  token: GenerateClientTokenOptions,
  options: WebPubSubClientOptions = {},
): Promise<SdkClient> {
  const credential = { getClientAccessUrl: () => clientUrl(server, token) };
  const client = new WebPubSubClient(credential, { messageRetryOptions: { maxRetries: 0 }, ...options });
  const received: unknown[] = [];
  const disconnects: { connectionId: string | undefined; message: string | undefined }[] = [];
  client.on('group-message', ({ message }) => received.push(message.data));
  client.on('server-message', ({ message }) => received.push(message.data));
  client.on('disconnected', (event) => {
    disconnects.push({ connectionId: event.connectionId, message: event.message?.message });
  });
  const connected = new Promise<string>((resolve) => client.on('connected', (event) => resolve(event.connectionId)));
  onTestFinished(() => client.stop());
  await client.start();
  return { client, received, disconnects, connectionId: await connected };
}

export interface PlainClient {
  readonly socket: WebSocket;
  /** What has arrived: text as it is, binary as bytes. */
  readonly frames: unknown[];
  /** The code with which the WebSocket was closed. */
  readonly closed: Promise<number>;
}

/** An open WebSocket of Node's own client. */
export async function plainClient(url: string, subprotocol?: string): Promise<PlainClient> {
  const socket = new WebSocket(url, subprotocol ?? []);
  socket.binaryType = 'arraybuffer';
  const frames: unknown[] = [];
  socket.addEventListener('message', ({ data }) => frames.push(data instanceof ArrayBuffer ? Buffer.from(data) : data));
  const closed = new Promise<number>((resolve) => {
    socket.addEventListener('close', ({ code }) => resolve(code));
  });
  onTestFinished(() => socket.close());
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error('The WebSocket was not opened.')));
  });
  return { socket, frames, closed };
}

export interface JsonClient extends Omit<PlainClient, 'frames'> {
  /** What has arrived, the `connected` event first. */
  readonly events: () => readonly Record<string, unknown>[];
  send(request: object): void;
}

/** A hand-written client of a JSON subprotocol, for what the SDK does not show. */
export async function jsonClient(url: string, subprotocol: string = subprotocols.json): Promise<JsonClient> {
  const { socket, frames, closed } = await plainClient(url, subprotocol);
  return {
    socket,
    closed,
    events: () => frames.map((frame) => JSON.parse(String(frame))),
    send: (request) => socket.send(JSON.stringify(request)),
  };
}

/** The HTTP status with which a request for a WebSocket is answered: 101 opens it. */
export async function upgradeStatus(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const socket = new WsClient(url, { headers });
  onTestFinished(() => socket.terminate());
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', reject);
  });
}

/** A token as the SDK signs it, with any content. */
export function signedToken(
  claims: { readonly aud?: string; readonly exp?: number; readonly [name: string]: unknown },
  key = ACCESS_KEY,
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(key));
}

/** The time in the unit of tokens. */
export function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}
