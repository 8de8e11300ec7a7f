import { describe, expect, it } from 'vitest';
import { startWebPubSub } from '../../local/web-pubsub/server.ts';
import {
  clientUrl,
  eventually,
  impatientService,
  plainClient,
  sdkClient,
  serviceFor,
  startServer,
} from './web-pubsub-clients.ts';

describe('Web PubSub: an injected status', () => {
  it('429 is retried by the SDK after the time it names', async () => {
    const server = await startServer();
    const { received } = await sdkClient(server, { groups: ['order-1'] });
    server.injectFault({ status: 429, retryAfterMs: 1, times: 2 });
    await serviceFor(server).group('order-1').sendToAll('at last');
    await eventually(() => expect(received).toEqual(['at last']));
    const { requests } = server;
    expect([requests.count({ status: 429 }), requests.count({ status: 202 })]).toEqual([2, 1]);
  });

  it.each([429, 500, 503] as const)('%i reaches a caller that does not retry, and nothing is sent', async (status) => {
    const server = await startServer();
    const { received } = await sdkClient(server, {});
    server.injectFault({ status, times: 1 });
    await expect(impatientService(server).sendToAll('refused')).rejects.toMatchObject({ statusCode: status });
    await serviceFor(server).sendToAll('sent');
    await eventually(() => expect(received).toEqual(['sent']));
  });

  it('hits the operation it names and no other, until it is stopped', async () => {
    const server = await startServer();
    const stop = server.injectFault({ status: 503, operation: 'SendToGroup' });
    const service = impatientService(server);
    await service.sendToAll('not hit');
    await expect(service.group('order-1').sendToAll('hit')).rejects.toMatchObject({ statusCode: 503 });
    stop();
    await service.group('order-1').sendToAll('no longer hit');
  });
});

describe('Web PubSub: REST calls', () => {
  it('are counted by operation, hub and status', async () => {
    const server = await startServer();
    await serviceFor(server).group('order-1').sendToAll(1);
    await serviceFor(server).group('order-2').sendToAll(2);
    await serviceFor(server, 'products').sendToAll(3);
    await serviceFor(server).userExists('nobody');
    const { requests } = server;
    const counts = [
      requests.count(),
      requests.count({ operation: 'SendToGroup' }),
      requests.count({ hub: 'products' }),
      requests.count({ status: 404 }),
    ];
    expect(counts).toEqual([4, 2, 1, 1]);
  });

  it('are counted from 0 after a reset', async () => {
    const server = await startServer();
    await serviceFor(server).sendToAll(1);
    server.requests.reset();
    await serviceFor(server).sendToAll(2);
    expect(server.requests.count()).toBe(1);
  });
});

describe('Web PubSub: when it is down', () => {
  it('takes neither calls nor connections, and both again when it is back', async () => {
    const server = await startServer();
    const { received } = await sdkClient(server, { groups: ['order-1'] });
    server.setAvailable(false);
    await expect(impatientService(server).sendToAll('lost')).rejects.toThrow();
    await expect(plainClient(await clientUrl(server, {}))).rejects.toThrow();
    server.setAvailable(true);
    await serviceFor(server).group('order-1').sendToAll('back');
    await eventually(() => expect(received).toEqual(['back']));
  });

  it('keeps what a reliable client misses meanwhile', async () => {
    const server = await startServer();
    const { received } = await sdkClient(server, { groups: ['order-1'] });
    const group = serviceFor(server).group('order-1');
    await group.sendToAll('before');
    server.setAvailable(false);
    server.setAvailable(true);
    await group.sendToAll('after');
    await eventually(() => expect(received).toEqual(['before', 'after']));
  });
});

describe('Web PubSub: the server', () => {
  it('frees its port when it is closed, whoever is connected', async () => {
    const server = await startServer();
    const client = await plainClient(await clientUrl(server, {}));
    await server.close();
    expect(await client.closed).toBe(1006);
    const next = await startWebPubSub({ port: server.port });
    await next.close();
  });

  it('does not start on a port that is taken', async () => {
    const { port } = await startServer();
    await expect(startWebPubSub({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('says that it is healthy to whoever asks', async () => {
    const server = await startServer();
    expect((await fetch(`${server.endpoint}/api/health`, { method: 'HEAD' })).status).toBe(200);
  });
});
