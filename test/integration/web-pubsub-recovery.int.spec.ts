import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { WebPubSubServer } from '../../local/web-pubsub/server.ts';
import { subprotocols } from '../../local/web-pubsub/subprotocols.ts';
import {
  clientUrl,
  eventually,
  HUB,
  type JsonClient,
  jsonClient,
  sdkClient,
  serviceFor,
  startServer,
} from './web-pubsub-clients.ts';

const NUMBERS = Array.from({ length: 60 }, (_, index) => index);

/** A hand-written client of the reliable subprotocol, which acknowledges nothing on its own. */
const reliableClient = async (server: WebPubSubServer) => {
  const token = { groups: ['order-1'], roles: ['webpubsub.sendToGroup'] };
  return jsonClient(await clientUrl(server, token), subprotocols.reliableJson);
};

async function connectedEvent({ events }: JsonClient): Promise<Record<string, unknown>> {
  await eventually(() => expect(events()).not.toEqual([]));
  return events().at(0) ?? {};
}

/** Opens the WebSocket with which a client goes on, without an access token. */
function recover(
  server: WebPubSubServer,
  { connectionId, reconnectionToken }: Record<string, unknown>,
  hub = HUB,
): Promise<JsonClient> {
  const url = new URL(`/client/hubs/${hub}`, server.endpoint.replace('http', 'ws'));
  url.searchParams.set('awps_connection_id', String(connectionId));
  url.searchParams.set('awps_reconnection_token', String(reconnectionToken));
  return jsonClient(url.href, subprotocols.reliableJson);
}

const dataOf = ({ events }: JsonClient) =>
  events()
    .filter(({ type }) => type === 'message')
    .map(({ data }) => data);

describe('Web PubSub: a client of the SDK whose connection is lost', () => {
  it('receives every message once and in order', async () => {
    const server = await startServer();
    const { received, disconnects } = await sdkClient(server, { groups: ['order-1'] });
    const group = serviceFor(server).group('order-1');
    for (const number of NUMBERS) {
      if (number % 20 === 10) server.dropConnections();
      await group.sendToAll(number);
    }
    await eventually(() => expect(received).toEqual(NUMBERS));
    expect(disconnects).toEqual([]);
  });

  it('is still in the groups that it has joined', async () => {
    const server = await startServer();
    const { client, received } = await sdkClient(server, { roles: ['webpubsub.joinLeaveGroup'] });
    await client.joinGroup('order-1');
    server.dropConnections();
    await serviceFor(server).group('order-1').sendToAll('while it is away');
    await eventually(() => expect(received).toEqual(['while it is away']));
  });

  it('connects again with a new token when it comes back too late', async () => {
    const server = await startServer({ recoveryMs: 0 });
    const { connectionId, disconnects, received } = await sdkClient(server, { groups: ['order-1'] });
    server.dropConnections();
    await eventually(() => expect(disconnects).toMatchObject([{ connectionId }]));
    await expect.poll(() => serviceFor(server).groupExists('order-1')).toBe(true);
    await serviceFor(server).group('order-1').sendToAll('after all');
    await eventually(() => expect(received).toEqual(['after all']));
  });
});

describe('Web PubSub: the reliable subprotocol', () => {
  it('numbers messages from 1', async () => {
    const server = await startServer();
    const client = await reliableClient(server);
    await serviceFor(server).group('order-1').sendToAll('one');
    await serviceFor(server).sendToAll('two');
    await eventually(() => expect(client.events().slice(1)).toMatchObject([{ sequenceId: 1 }, { sequenceId: 2 }]));
  });

  it('sends what was not acknowledged again, after the connected event with a new token', async () => {
    const server = await startServer();
    const client = await reliableClient(server);
    const connected = await connectedEvent(client);
    for (const text of ['one', 'two', 'three']) await serviceFor(server).group('order-1').sendToAll(text);
    await eventually(() => expect(dataOf(client)).toEqual(['one', 'two', 'three']));
    client.send({ type: 'sequenceAck', sequenceId: 2 });
    client.send({ type: 'ping' });
    await eventually(() => expect(client.events().at(-1)).toEqual({ type: 'pong' }));
    server.dropConnections();
    await serviceFor(server).group('order-1').sendToAll('four');
    const recovered = await recover(server, connected);
    await eventually(() => expect(dataOf(recovered)).toEqual(['three', 'four']));
    const { connectionId, reconnectionToken } = connected;
    expect(recovered.events().at(0)).toMatchObject({ event: 'connected', connectionId });
    expect(recovered.events().at(0)?.reconnectionToken).not.toBe(reconnectionToken);
  });

  it('carries a request out once when it is repeated with its ack id after a recovery', async () => {
    const server = await startServer();
    const listener = await sdkClient(server, { groups: ['order-1'] });
    const client = await reliableClient(server);
    const connected = await connectedEvent(client);
    const request = { type: 'sendToGroup', group: 'order-1', dataType: 'text', data: 'once', ackId: 7, noEcho: true };
    client.send(request);
    await eventually(() => expect(client.events().at(-1)).toEqual({ type: 'ack', ackId: 7, success: true }));
    server.dropConnections();
    const recovered = await recover(server, connected);
    recovered.send(request);
    const error = { name: 'Duplicate', message: 'Message with ack-id: 7 has been processed' };
    await eventually(() => {
      expect(recovered.events().at(-1)).toEqual({ type: 'ack', ackId: 7, success: false, error });
      expect(listener.received).toEqual(['once']);
    });
  });

  it('replaces a WebSocket that the service still takes for open', async () => {
    const server = await startServer();
    const client = await reliableClient(server);
    const connected = await connectedEvent(client);
    const recovered = await recover(server, connected);
    expect(await client.closed).toBe(1006);
    await serviceFor(server).group('order-1').sendToAll('to the new one');
    await eventually(() => expect(dataOf(recovered)).toEqual(['to the new one']));
  });

  it('keeps a recovered connection beyond the time that it had to recover', async () => {
    const recoveryMs = 60_000;
    const server = await startServer({ recoveryMs });
    const client = await reliableClient(server);
    const connected = await connectedEvent(client);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    server.dropConnections();
    await eventually(() => expect(vi.getTimerCount()).toBe(1));
    const recovered = await recover(server, connected);
    vi.advanceTimersByTime(recoveryMs);
    vi.useRealTimers();
    await serviceFor(server).group('order-1').sendToAll('still there');
    await eventually(() => expect(dataOf(recovered)).toEqual(['still there']));
  });

  it('closes a client that leaves 1000 messages unacknowledged, with 1008', async () => {
    const server = await startServer();
    const client = await reliableClient(server);
    for (let sent = 0; sent < 1001; sent += 1) {
      client.send({ type: 'sendToGroup', group: 'order-1', dataType: 'text', data: 'more' });
    }
    expect(await client.closed).toBe(1008);
    expect(dataOf(client)).toHaveLength(1000);
  });
});

describe('Web PubSub: a recovery is refused with 1008', () => {
  it('when the reconnection token is forged', async () => {
    const server = await startServer();
    const { connectionId } = await connectedEvent(await reliableClient(server));
    const refused = await recover(server, { connectionId, reconnectionToken: 'forged' });
    expect(await refused.closed).toBe(1008);
  });

  it('when the reconnection token is of another connection', async () => {
    const server = await startServer();
    const { connectionId } = await connectedEvent(await reliableClient(server));
    const { reconnectionToken } = await connectedEvent(await reliableClient(server));
    const refused = await recover(server, { connectionId, reconnectionToken });
    expect(await refused.closed).toBe(1008);
  });

  it('when the connection is in another hub', async () => {
    const server = await startServer();
    const connected = await connectedEvent(await reliableClient(server));
    const refused = await recover(server, connected, 'products');
    expect(await refused.closed).toBe(1008);
  });

  it('when the client has closed its connection normally', async () => {
    const server = await startServer();
    const client = await reliableClient(server);
    const connected = await connectedEvent(client);
    client.socket.close(1000);
    await client.closed;
    expect(await (await recover(server, connected)).closed).toBe(1008);
  });

  it('when the time for it is over', async () => {
    const server = await startServer({ recoveryMs: 1 });
    const client = await reliableClient(server);
    const connected = await connectedEvent(client);
    server.dropConnections();
    await expect.poll(() => serviceFor(server).connectionExists(String(connected.connectionId))).toBe(false);
    expect(await (await recover(server, connected)).closed).toBe(1008);
  });

  it('when the subprotocol is not a reliable one', async () => {
    const server = await startServer();
    const client = await jsonClient(await clientUrl(server, {}));
    const connected = await connectedEvent(client);
    expect(connected).not.toHaveProperty('reconnectionToken');
    expect(await (await recover(server, { ...connected, reconnectionToken: 'none' })).closed).toBe(1008);
  });
});
