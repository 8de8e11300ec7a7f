import { describe, expect, it } from 'vitest';
import { subprotocols } from '../../local/web-pubsub/subprotocols.ts';
import {
  clientUrl,
  eventually,
  jsonClient,
  plainClient,
  sdkClient,
  serviceFor,
  startServer,
} from './web-pubsub-clients.ts';

const NUMBERS = Array.from({ length: 100 }, (_, index) => index);

describe('Web PubSub: a group', () => {
  it('receives what is sent to it, and nothing that is sent to another group', async () => {
    const server = await startServer();
    const one = await sdkClient(server, { groups: ['order-1'] });
    const two = await sdkClient(server, { groups: ['order-2'] });
    await serviceFor(server).group('order-2').sendToAll({ status: 'shipped' });
    await serviceFor(server).group('order-1').sendToAll({ status: 'paid' });
    await eventually(() =>
      expect([one.received, two.received]).toEqual([[{ status: 'paid' }], [{ status: 'shipped' }]]),
    );
  });

  it('receives messages in the order in which they were sent', async () => {
    const server = await startServer();
    const reliable = await sdkClient(server, { groups: ['order-1'] });
    const plain = await plainClient(await clientUrl(server, { groups: ['order-1'] }));
    const group = serviceFor(server).group('order-1');
    for (const number of NUMBERS) await group.sendToAll(number);
    await eventually(() => {
      expect(reliable.received).toEqual(NUMBERS);
      expect(plain.frames).toEqual(NUMBERS.map(String));
    });
  });

  it('has the members that its tokens name, of any number of groups', async () => {
    const server = await startServer();
    const { received } = await sdkClient(server, { groups: ['order-1', 'order-2'] });
    for (const name of ['order-1', 'order-2', 'order-3']) await serviceFor(server).group(name).sendToAll(name);
    await eventually(() => expect(received).toEqual(['order-1', 'order-2']));
  });

  it('does not receive what is sent to its namesake in another hub', async () => {
    const server = await startServer();
    const { received } = await sdkClient(server, { groups: ['order-1'] });
    await serviceFor(server, 'products').group('order-1').sendToAll('products');
    await serviceFor(server, 'Orders').group('order-1').sendToAll('the same hub: case does not matter');
    await eventually(() => expect(received).toEqual(['the same hub: case does not matter']));
  });

  it('may be empty when something is sent to it', async () => {
    const server = await startServer();
    await serviceFor(server).group('order-1').sendToAll('nobody hears this');
    expect(server.requests.count({ operation: 'SendToGroup', status: 202 })).toBe(1);
  });

  it('leaves out the connections that a message excludes', async () => {
    const server = await startServer();
    const one = await sdkClient(server, { groups: ['order-1'] });
    const two = await sdkClient(server, { groups: ['order-1'] });
    const group = serviceFor(server).group('order-1');
    await group.sendToAll('not for one', { excludedConnections: [one.connectionId] });
    await group.sendToAll('for both');
    await eventually(() => expect([one.received, two.received]).toEqual([['for both'], ['not for one', 'for both']]));
  });
});

describe('Web PubSub: a message', () => {
  const bytes = Buffer.from([0, 1, 254, 255]);
  const sendEach = async (server: Awaited<ReturnType<typeof startServer>>) => {
    const group = serviceFor(server).group('order-1');
    await group.sendToAll({ total: 12.5 });
    await group.sendToAll('"quoted"', { contentType: 'text/plain' });
    await group.sendToAll(bytes);
  };

  it('reaches the SDK as JSON, text or bytes, as it was sent', async () => {
    const server = await startServer();
    const { received } = await sdkClient(server, { groups: ['order-1'] });
    await sendEach(server);
    await eventually(() => expect(received).toEqual([{ total: 12.5 }, '"quoted"', new Uint8Array(bytes).buffer]));
  });

  it('reaches a WebSocket without subprotocol as bare data', async () => {
    const server = await startServer();
    const { frames } = await plainClient(await clientUrl(server, { groups: ['order-1'] }));
    await sendEach(server);
    await eventually(() => expect(frames).toEqual(['{"total":12.5}', '"quoted"', bytes]));
  });

  it('reaches a WebSocket with the JSON subprotocol in an envelope', async () => {
    const server = await startServer();
    const { events } = await jsonClient(await clientUrl(server, { groups: ['order-1'], userId: 'ada' }));
    await sendEach(server);
    const envelope = { type: 'message', from: 'group', group: 'order-1', fromUserId: null };
    await eventually(() =>
      expect(events()).toEqual([
        { type: 'system', event: 'connected', userId: 'ada', connectionId: expect.any(String) },
        { ...envelope, dataType: 'json', data: { total: 12.5 } },
        { ...envelope, dataType: 'text', data: '"quoted"' },
        { ...envelope, dataType: 'binary', data: bytes.toString('base64') },
      ]),
    );
  });

  it('reaches all connections of a user', async () => {
    const server = await startServer();
    const clients = [
      await sdkClient(server, { userId: 'ada' }),
      await sdkClient(server, { userId: 'ada' }),
      await sdkClient(server, { userId: 'bob' }),
    ];
    await serviceFor(server).sendToUser('ada', 'for Ada');
    await serviceFor(server).sendToAll('for all');
    const forAda = ['for Ada', 'for all'];
    await eventually(() => expect(clients.map(({ received }) => received)).toEqual([forAda, forAda, ['for all']]));
  });

  it('reaches one connection', async () => {
    const server = await startServer();
    const [one, two] = [await sdkClient(server, {}), await sdkClient(server, {})];
    await serviceFor(server).sendToConnection(two.connectionId, 'for two');
    await serviceFor(server).sendToAll('for all');
    await eventually(() => expect([one.received, two.received]).toEqual([['for all'], ['for two', 'for all']]));
  });

  it('goes from client to client, and back to its sender unless that asks for no echo', async () => {
    const server = await startServer();
    const listener = await jsonClient(await clientUrl(server, { groups: ['order-1'] }));
    const token = { userId: 'ada', groups: ['order-1'], roles: ['webpubsub.sendToGroup.order-1'] };
    const sender = await sdkClient(server, token);
    await sender.client.sendToGroup('order-1', { seen: 1 }, 'json', { noEcho: true });
    await sender.client.sendToGroup('order-1', 'seen', 'text');
    const envelope = { type: 'message', from: 'group', group: 'order-1', fromUserId: 'ada' };
    await eventually(() => {
      expect(listener.events().slice(1)).toEqual([
        { ...envelope, dataType: 'json', data: { seen: 1 } },
        { ...envelope, dataType: 'text', data: 'seen' },
      ]);
      expect(sender.received).toEqual(['seen']);
    });
  });
});

describe('Web PubSub: the server side', () => {
  it('sees which groups, users and connections there are', async () => {
    const server = await startServer();
    const { connectionId } = await sdkClient(server, { userId: 'ada', groups: ['order-1'] });
    const service = serviceFor(server);
    const seen = [service.groupExists('order-1'), service.userExists('ada'), service.connectionExists(connectionId)];
    const unseen = [service.groupExists('order-2'), service.userExists('bob'), service.connectionExists('another')];
    expect([await Promise.all(seen), await Promise.all(unseen)]).toEqual([
      [true, true, true],
      [false, false, false],
    ]);
  });

  it.each([
    [
      'a group',
      (service: ReturnType<typeof serviceFor>) => service.group('order-1').closeAllConnections({ reason: 'erased' }),
    ],
    ['a user', (service: ReturnType<typeof serviceFor>) => service.closeUserConnections('ada', { reason: 'erased' })],
    ['the hub', (service: ReturnType<typeof serviceFor>) => service.closeAllConnections({ reason: 'erased' })],
  ])('closes the connections of %s and tells them why', async (_of, close) => {
    const server = await startServer();
    const url = await clientUrl(server, { userId: 'ada', groups: ['order-1'] });
    const client = await jsonClient(url, subprotocols.reliableJson);
    await close(serviceFor(server));
    expect(await client.closed).toBe(1000);
    expect(client.events().at(-1)).toEqual({ type: 'system', event: 'disconnected', message: 'erased' });
    expect(await serviceFor(server).groupExists('order-1')).toBe(false);
  });

  it('closes one connection, after which the SDK opens another', async () => {
    const server = await startServer();
    const client = await sdkClient(server, { groups: ['order-1'] });
    await serviceFor(server).closeConnection(client.connectionId, { reason: 'moved' });
    await eventually(() =>
      expect(client.disconnects).toEqual([{ connectionId: client.connectionId, message: 'moved' }]),
    );
    await expect.poll(() => serviceFor(server).groupExists('order-1')).toBe(true);
  });
});
