import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket as WsClient } from 'ws';
import { subprotocols } from '../../local/web-pubsub/subprotocols.ts';
import {
  clientUrl,
  eventually,
  type JsonClient,
  jsonClient,
  plainClient,
  sdkClient,
  secondsFromNow,
  serviceFor,
  signedToken,
  startServer,
} from './web-pubsub-clients.ts';

const MIB = 1024 * 1024;

async function open(roles: string[] = []): Promise<JsonClient> {
  const server = await startServer();
  return jsonClient(await clientUrl(server, { groups: ['order-1'], roles }));
}

describe('Web PubSub: requests of clients', () => {
  it('are acknowledged when they have an ack id, and only then', async () => {
    const client = await open(['webpubsub.joinLeaveGroup']);
    client.send({ type: 'joinGroup', group: 'order-2' });
    client.send({ type: 'joinGroup', group: 'order-3', ackId: 1 });
    client.send({ type: 'leaveGroup', group: 'order-3', ackId: 2 });
    await eventually(() =>
      expect(client.events().slice(1)).toEqual([
        { type: 'ack', ackId: 1, success: true },
        { type: 'ack', ackId: 2, success: true },
      ]),
    );
  });

  it('may be repeated with the same ack id when they were refused', async () => {
    const client = await open();
    for (let attempt = 0; attempt < 2; attempt += 1) client.send({ type: 'joinGroup', group: 'order-2', ackId: 1 });
    await eventually(() => {
      const acks = client.events().slice(1);
      expect(acks).toMatchObject([{ error: { name: 'Forbidden' } }, { error: { name: 'Forbidden' } }]);
    });
  });

  it('for an event handler fail, because there is none', async () => {
    const server = await startServer();
    const { client } = await sdkClient(server, {});
    const sending = client.sendEvent('order-seen', { id: 1 }, 'json');
    await expect(sending).rejects.toMatchObject({ errorDetail: { name: 'InternalServerError' } });
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['of no known type', '{"type":"dance"}'],
    ['nested too deeply', `{"type":"sendToGroup","group":"order-1","data":${'['.repeat(1e5)}${']'.repeat(1e5)}}`],
    ['without the group', '{"type":"joinGroup"}'],
    ['with a blank group', '{"type":"joinGroup","group":" "}'],
    ['without data', '{"type":"sendToGroup","group":"order-1"}'],
    ['with text that is none', '{"type":"sendToGroup","group":"order-1","dataType":"text","data":1}'],
    ['with bytes that are not base64', '{"type":"sendToGroup","group":"order-1","dataType":"binary","data":"?"}'],
  ])('close the connection with 1007 when they are %s', async (_fault, frame) => {
    const client = await open(['webpubsub.sendToGroup']);
    client.socket.send(frame);
    expect(await client.closed).toBe(1007);
    expect(client.events().at(-1)).toMatchObject({ type: 'system', event: 'disconnected' });
  });

  it('are ignored after one that has closed the connection', async () => {
    const server = await startServer();
    const listener = await sdkClient(server, { groups: ['order-1'] });
    const sender = await jsonClient(await clientUrl(server, { roles: ['webpubsub.sendToGroup'] }));
    sender.socket.send('nonsense');
    sender.send({ type: 'sendToGroup', group: 'order-1', dataType: 'text', data: 'too late' });
    await sender.closed;
    await serviceFor(server).group('order-1').sendToAll('last');
    await eventually(() => expect(listener.received).toEqual(['last']));
  });

  it('close a WebSocket without subprotocol with 1011, because there is no event handler', async () => {
    const server = await startServer();
    const client = await plainClient(await clientUrl(server, {}));
    client.socket.send('hello');
    expect(await client.closed).toBe(1011);
  });

  it('use the offered subprotocol that the service knows', async () => {
    const server = await startServer();
    const offered = ['protobuf.webpubsub.azure.v1', subprotocols.json];
    const socket = new WebSocket(await clientUrl(server, {}), offered);
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    expect(socket.protocol).toBe(subprotocols.json);
    socket.close();
  });
});

describe('Web PubSub: the limit of 1 MiB for a message', () => {
  it('lets a message of this size through', async () => {
    const server = await startServer();
    const client = await sdkClient(server, { groups: ['order-1'] });
    const large = 'x'.repeat(MIB);
    await serviceFor(server).group('order-1').sendToAll(large, { contentType: 'text/plain' });
    await eventually(() => expect(client.received).toEqual([large]));
  });

  it('refuses a larger REST call with 400', async () => {
    const server = await startServer();
    const sending = serviceFor(server).sendToAll('x'.repeat(MIB + 1), { contentType: 'text/plain' });
    await expect(sending).rejects.toMatchObject({ statusCode: 400 });
  });

  it('closes a client that sends a larger frame with 1009', async () => {
    const server = await startServer();
    const token = { roles: ['webpubsub.sendToGroup'] };
    const client = await jsonClient(await clientUrl(server, token), subprotocols.reliableJson);
    client.send({ type: 'sendToGroup', group: 'order-1', dataType: 'text', data: 'x'.repeat(MIB) });
    expect(await client.closed).toBe(1009);
  });
});

describe('Web PubSub: a client that does not read', () => {
  it('is dropped when more than 16 MiB are waiting for it', async () => {
    const server = await startServer();
    const socket = new WsClient(await clientUrl(server, { groups: ['order-1'] }));
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    socket.pause();
    const service = serviceFor(server);
    const large = 'x'.repeat(MIB);
    while (await service.groupExists('order-1')) {
      await service.group('order-1').sendToAll(large, { contentType: 'text/plain' });
    }
    expect(server.requests.count({ operation: 'SendToGroup' })).toBeGreaterThan(16);
  });
});

describe('Web PubSub: REST calls that are not valid', () => {
  const post = async (path: string, init: RequestInit = {}) => {
    const server = await startServer();
    const url = server.endpoint + path;
    const authorization = `Bearer ${await signedToken({ aud: url, exp: secondsFromNow(60) })}`;
    const headers = { authorization, 'content-type': 'text/plain', ...init.headers };
    return (await fetch(url, { method: 'POST', body: 'hi', ...init, headers })).status;
  };

  it.each([
    ['400 for a name that no hub can have', '/api/hubs/1/:send', {}, 400],
    ['400 for a blank group', '/api/hubs/orders/groups/%20/:send', {}, 400],
    ['400 for JSON that is none', '/api/hubs/orders/:send', { headers: { 'content-type': 'application/json' } }, 400],
    ['400 for a time to live of more than 300 seconds', '/api/hubs/orders/:send?messageTtlSeconds=301', {}, 400],
    ['415 for another content type', '/api/hubs/orders/:send', { headers: { 'content-type': 'image/png' } }, 415],
    ['501 for a filter, which the stand-in does not know', '/api/hubs/orders/:send?filter=true', {}, 501],
    ['501 for operations that the stand-in does not know', '/api/hubs/orders/:addToGroups', {}, 501],
  ])('are refused with %s', async (_why, path, init, status) => {
    expect(await post(path, init)).toBe(status);
  });
});
