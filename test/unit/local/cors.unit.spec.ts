import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { applyCors, type CorsSettings } from '../../../local/functions-host/cors.ts';

const PAGE = 'http://localhost:3000';
const PREFLIGHT = {
  method: 'OPTIONS',
  headers: {
    origin: PAGE,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  },
};

/** The response of a server whose functions always answer 200. */
async function responseWith(settings: CorsSettings, init: RequestInit) {
  const server = createServer((request, response) => {
    if (!applyCors(settings, request, response)) response.end();
  });
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const { status, headers } = await fetch(`http://127.0.0.1:${port}`, init);
  const cors = [...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary');
  return { status, headers: Object.fromEntries(cors) };
}

it('allows every page with "*"', async () => {
  const settings = { origins: ['*'], credentials: false };
  expect(await responseWith(settings, { headers: { origin: PAGE } })).toEqual({
    status: 200,
    headers: { 'access-control-allow-origin': '*' },
  });
  expect(await responseWith(settings, PREFLIGHT)).toEqual({
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization,content-type',
    },
  });
});

it('allows the listed pages, with credentials if so set', async () => {
  const settings = { origins: ['http://localhost:5173', PAGE], credentials: true };
  expect(await responseWith(settings, { headers: { origin: PAGE } })).toEqual({
    status: 200,
    headers: {
      'access-control-allow-origin': PAGE,
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    },
  });
});

it('allows no other page', async () => {
  const settings = { origins: ['http://localhost:5173'], credentials: false };
  expect(await responseWith(settings, { headers: { origin: PAGE } })).toEqual({
    status: 200,
    headers: { vary: 'Origin' },
  });
  expect(await responseWith(settings, PREFLIGHT)).toEqual({ status: 204, headers: { vary: 'Origin' } });
});

it('leaves requests of other clients and hosts without CORS alone', async () => {
  expect(await responseWith({ origins: ['*'], credentials: false }, { method: 'OPTIONS' })).toEqual({
    status: 200,
    headers: {},
  });
  expect(await responseWith({ origins: [], credentials: false }, PREFLIGHT)).toEqual({ status: 200, headers: {} });
});
