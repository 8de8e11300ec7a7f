import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { decodeJwt, UnsecuredJWT } from 'jose';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { WebPubSubServer } from '../../local/web-pubsub/server.ts';
import {
  clientUrl,
  eventually,
  HUB,
  plainClient,
  sdkClient,
  secondsFromNow,
  serviceFor,
  signedToken,
  startServer,
  upgradeStatus,
} from './web-pubsub-clients.ts';

const ANOTHER_KEY = 'another access key for tests, 32 bytes';
/** Tokens are accepted for five minutes after they have expired. */
const TOLERANCE = 300;

const wsUrl = (server: WebPubSubServer, path: string) => server.endpoint.replace('http', 'ws') + path;

describe('Web PubSub: connecting', () => {
  const claims = (server: WebPubSubServer) => ({
    aud: `${server.endpoint}/client/hubs/${HUB}`,
    exp: secondsFromNow(60),
  });
  const connect = (server: WebPubSubServer, token: string) =>
    upgradeStatus(wsUrl(server, `/client/hubs/${HUB}?access_token=${token}`));

  it('succeeds with a token in the URL', async () => {
    const server = await startServer();
    expect(await connect(server, await signedToken(claims(server)))).toBe(101);
  });

  it('succeeds with a token in the Authorization header, and with the hub in the query', async () => {
    const server = await startServer();
    const headers = { authorization: `Bearer ${await signedToken(claims(server))}` };
    expect(await upgradeStatus(wsUrl(server, `/client/?hub=${HUB}`), headers)).toBe(101);
  });

  it('is refused with 401 without a token', async () => {
    const server = await startServer();
    expect(await upgradeStatus(wsUrl(server, `/client/hubs/${HUB}`))).toBe(401);
  });

  it.each([
    ['has expired', async (s: WebPubSubServer) => signedToken({ ...claims(s), exp: secondsFromNow(-TOLERANCE - 60) })],
    ['never expires', async (s: WebPubSubServer) => signedToken({ aud: claims(s).aud })],
    ['is signed with another key', async (s: WebPubSubServer) => signedToken(claims(s), ANOTHER_KEY)],
    ['is not signed', async (s: WebPubSubServer) => new UnsecuredJWT(claims(s)).encode()],
    ['is for another hub', async (s: WebPubSubServer) => signedToken({ ...claims(s), aud: `${claims(s).aud}-2` })],
    ['is for nobody', async (s: WebPubSubServer) => signedToken({ exp: claims(s).exp })],
    ['is no token', async () => 'nonsense'],
  ])('is refused with 401 when the token %s', async (_fault, token) => {
    const server = await startServer();
    expect(await connect(server, await token(server))).toBe(401);
  });

  it('is refused with 400 for a name that no hub can have', async () => {
    const server = await startServer();
    expect(await upgradeStatus(wsUrl(server, '/client/hubs/1-orders'))).toBe(400);
  });

  it('is refused with 404 on another path', async () => {
    const server = await startServer();
    expect(await upgradeStatus(wsUrl(server, '/clients/mqtt/hubs/orders'))).toBe(404);
  });
});

describe('Web PubSub: a connection', () => {
  it('stays open after its token has expired', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const server = await startServer();
    const url = await clientUrl(server, { groups: ['order-1'] });
    const { frames } = await plainClient(url);
    vi.setSystemTime(Date.now() + 2 * 3_600_000);
    expect(await upgradeStatus(url)).toBe(401);
    await serviceFor(server).group('order-1').sendToAll('still there', { contentType: 'text/plain' });
    await eventually(() => expect(frames).toEqual(['still there']));
  });
});

describe('Web PubSub: joining a group', () => {
  const joins = [
    ['for this group', 'webpubsub.joinLeaveGroup.order-1'],
    ['for all groups', 'webpubsub.joinLeaveGroup'],
    ['for groups of this form', 'webpubsub.joinLeaveGroups.order-*'],
  ] as const;

  it.each(joins)('is allowed with a role %s', async (_which, role) => {
    const server = await startServer();
    const { client, received } = await sdkClient(server, { roles: [role] });
    await client.joinGroup('order-1');
    await serviceFor(server).group('order-1').sendToAll('while in');
    await eventually(() => expect(received).toEqual(['while in']));
    await client.leaveGroup('order-1');
    expect(await serviceFor(server).groupExists('order-1')).toBe(false);
  });

  it.each([
    ['without a role', []],
    ['with a role for another group', ['webpubsub.joinLeaveGroup.order-2']],
    ['with a role to send only', ['webpubsub.sendToGroup']],
  ])('is refused %s', async (_which, roles) => {
    const server = await startServer();
    const { client } = await sdkClient(server, { roles });
    await expect(client.joinGroup('order-1')).rejects.toMatchObject({ errorDetail: { name: 'Forbidden' } });
    expect(await serviceFor(server).groupExists('order-1')).toBe(false);
  });

  it('does not let a client send to it', async () => {
    const server = await startServer();
    const { client } = await sdkClient(server, { groups: ['order-1'], roles: ['webpubsub.joinLeaveGroup'] });
    const sending = client.sendToGroup('order-1', 'forged', 'text');
    await expect(sending).rejects.toMatchObject({ errorDetail: { name: 'Forbidden' } });
  });
});

describe('Web PubSub: a REST call', () => {
  const path = `/api/hubs/${HUB}/groups/order-1/:send?api-version=2024-12-01`;
  const send = (server: WebPubSubServer, authorization?: string) =>
    fetch(`${server.endpoint}${path}`, { method: 'POST', body: 'hi', headers: authorization ? { authorization } : {} });
  const claims = (server: WebPubSubServer) => ({ aud: server.endpoint + path, exp: secondsFromNow(60) });

  it('succeeds with a token for its URL, with or without the query', async () => {
    const server = await startServer();
    const whole = await signedToken(claims(server));
    const bare = await signedToken({ ...claims(server), aud: claims(server).aud.split('?').at(0) ?? '' });
    const answers = [await send(server, `Bearer ${whole}`), await send(server, `bearer ${bare}`)];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
  });

  it('is refused with 401 without a token', async () => {
    expect((await send(await startServer())).status).toBe(401);
  });

  it.each([
    ['has expired', async (s: WebPubSubServer) => signedToken({ ...claims(s), exp: secondsFromNow(-TOLERANCE - 60) })],
    ['is signed with another key', async (s: WebPubSubServer) => signedToken(claims(s), ANOTHER_KEY)],
    [
      'is for another group',
      async (s: WebPubSubServer) => signedToken({ ...claims(s), aud: claims(s).aud.replace('-1', '-2') }),
    ],
    [
      'is a client token',
      async (s: WebPubSubServer) => signedToken({ ...claims(s), aud: `${s.endpoint}/client/hubs/${HUB}` }),
    ],
    ['is no token', async () => 'nonsense'],
  ])('is refused with 401 when the token %s', async (_fault, token) => {
    const server = await startServer();
    expect((await send(server, `Bearer ${await token(server)}`)).status).toBe(401);
  });

  it('of the SDK with another key is refused with 401', async () => {
    const server = await startServer();
    const connectionString = `Endpoint=${server.endpoint};AccessKey=${ANOTHER_KEY};Version=1.0;`;
    const service = new WebPubSubServiceClient(connectionString, HUB, { allowInsecureConnection: true });
    await expect(service.sendToAll('hi')).rejects.toMatchObject({ statusCode: 401, code: 'Error.Unauthorized' });
    expect(server.requests.count({ status: 401 })).toBe(1);
  });
});

describe('Web PubSub: a server with an Entra identity', () => {
  /** The SDK sends Entra tokens to https only, and the stand-in has no TLS: this goes on as http. */
  function withoutTls(): HttpClient {
    const http = createDefaultHttpClient();
    return {
      sendRequest: (request) => {
        request.url = request.url.replace('https:', 'http:');
        request.allowInsecureConnection = true;
        return http.sendRequest(request);
      },
    };
  }
  const service = (
    server: WebPubSubServer,
    { aud = 'https://webpubsub.azure.com', exp = secondsFromNow(3600) } = {},
  ) => {
    const token = new UnsecuredJWT({ aud, exp }).encode();
    const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
    const endpoint = server.endpoint.replace('http:', 'https:');
    return new WebPubSubServiceClient(endpoint, credential, HUB, { httpClient: withoutTls() });
  };

  it('gets client tokens with user, roles, groups and lifetime from the service', async () => {
    const server = await startServer({ allowUnvalidatedEntraTokens: true });
    const options = { userId: 'ada', roles: ['webpubsub.joinLeaveGroup.order-2'], groups: ['order-1', 'order-3'] };
    const { token } = await service(server).getClientAccessToken({ ...options, expirationTimeInMinutes: 5 });
    const { aud, sub, role, exp = 0, iat = 0, ...claims } = decodeJwt(token);
    expect({ aud, sub, role, lifetime: exp - iat, groups: claims['webpubsub.group'] }).toEqual({
      aud: `${server.endpoint}/client/hubs/${HUB}`,
      sub: 'ada',
      role: options.roles,
      lifetime: 300,
      groups: options.groups,
    });
  });

  it('reaches the clients that it has given tokens to', async () => {
    const server = await startServer({ allowUnvalidatedEntraTokens: true });
    const { token } = await service(server).getClientAccessToken({ groups: ['order-1'] });
    const { frames } = await plainClient(wsUrl(server, `/client/hubs/${HUB}?access_token=${token}`));
    await service(server).group('order-1').sendToAll('hi', { contentType: 'text/plain' });
    await eventually(() => expect(frames).toEqual(['hi']));
  });

  it.each([
    ['is for another resource', { aud: 'https://management.azure.com' }],
    ['has expired', { exp: secondsFromNow(-TOLERANCE - 60) }],
  ])('is refused with 401 when its token %s', async (_fault, claims) => {
    const server = await startServer({ allowUnvalidatedEntraTokens: true });
    await expect(service(server, claims).getClientAccessToken()).rejects.toMatchObject({ statusCode: 401 });
  });

  it('is refused with 401 unless the stand-in is told to accept what it cannot check', async () => {
    const server = await startServer();
    await expect(service(server).sendToAll('hi')).rejects.toMatchObject({ statusCode: 401 });
  });

  it('is the only caller that gets client tokens: with an access key the SDK signs them itself', async () => {
    const server = await startServer();
    const url = `${server.endpoint}/api/hubs/${HUB}/:generateToken?api-version=2024-12-01`;
    const authorization = `Bearer ${await signedToken({ aud: url, exp: secondsFromNow(60) })}`;
    expect((await fetch(url, { method: 'POST', headers: { authorization } })).status).toBe(401);
    expect(await upgradeStatus(await clientUrl(server, {}))).toBe(101);
  });
});
