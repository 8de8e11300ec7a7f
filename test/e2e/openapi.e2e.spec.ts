import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPEN_API_FILE } from '../../scripts/generate/open-api.ts';
import { type PublishedOperation, publishedAnswer, publishedOperations } from '../support/http/open-api.ts';
import { type Sent, sendExample } from '../support/http/send-example.ts';
import { EXAMPLE_ORDER, realIds, withIds } from '../support/shop/examples.ts';
import { eventually } from '../support/system/api-client.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const send = (operation: PublishedOperation, request: Sent) => sendExample(system, operation, request);

type Answer = Awaited<ReturnType<typeof send>>;

/** Expects the media type and body that the description states for this status. */
function expectAsDescribed(operation: PublishedOperation, { status, mediaType, body }: Answer): void {
  const answer = publishedAnswer(operation, status);
  if (answer.size === 0 && mediaType === '') return; // no body, as described
  const schema = answer.get(mediaType) ?? answer.get('*/*');
  if (schema === undefined) throw new Error(`${status} ${mediaType} is not described: ${JSON.stringify(body)}`);
  expect(schema.safeParse(body).error?.issues).toBeUndefined();
}

/** Waits for the fifth and last event of the examples' order, so that the responses have lines and dates to check. */
const waitForConfirmedOrder = (orderId: string | undefined) =>
  system.as('admin').get(`/orders/${orderId}?minVersion=5`, { prefer: 'wait=5' });

const success = ({ responses }: PublishedOperation) => Number(Object.keys(responses).find((status) => status < '300'));
const named = (operations: readonly PublishedOperation[]) =>
  operations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const);

describe('every example in the OpenAPI description', () => {
  const examples = publishedOperations.flatMap((operation) => {
    const bodies = Object.entries(operation.requestBody?.content['application/json']?.examples ?? {});
    const { method, path } = operation;
    if (bodies.length === 0) return [{ title: `${method} ${path}`, operation, body: undefined }];
    return bodies.map(([name, { value }]) => ({ title: `${method} ${path}: ${name}`, operation, body: value }));
  });

  it.each(examples)('gets a response as described: $title', async ({ operation, body }) => {
    const ids = await realIds(system, operation.operationId);
    const token = await system.azure.issuer.sign({ roles: ['admin'], lifetime: 3600 });
    const request = { ids, token, body: body === undefined ? undefined : withIds(body, ids) };
    const expected = success(operation);
    const isCommand = expected === 202;
    if (!isCommand) await waitForConfirmedOrder(ids.get(EXAMPLE_ORDER));
    const answer = await eventually(
      () => send(operation, request),
      ({ status }) => isCommand || status === expected,
    );
    expect([answer.status, answer.body.code]).toEqual([expected, undefined]);
    expectAsDescribed(operation, answer);
  });
});

describe('a request without a token', () => {
  const needToken = publishedOperations.filter((operation) => operation['x-roles'].length > 0);
  it.each(named(needToken))('gets 401 as described from %s', async (_title, operation) => {
    const answer = await send(operation, {});
    expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
    expectAsDescribed(operation, answer);
  });

  const anonymous = publishedOperations.filter((operation) => operation['x-roles'].length === 0);
  it.each(named(anonymous))('is accepted by %s', async (_title, operation) => {
    expect((await send(operation, {})).status).toBe(200);
  });
});

describe('GET /openapi.json', () => {
  it('returns the published description', async () => {
    const response = await fetch(`${system.host.url}/api/openapi.json`);
    expect(await response.json()).toEqual(JSON.parse(readFileSync(OPEN_API_FILE, 'utf8')));
  });
});

describe('GET /docs', () => {
  const page = async () => {
    const response = await fetch(`${system.host.url}/api/docs`);
    return { headers: response.headers, html: await response.text() };
  };

  it('makes the browser load files only from this origin and has no inline script or style', async () => {
    const policy = (await page()).headers.get('content-security-policy')?.split('; ');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self'");
    expect((await page()).html).not.toMatch(/<script>|<style|style=|\son\w+=|https?:|\/\//);
  });

  it('references only files that exist and have the right media type', async () => {
    const { html } = await page();
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file);
    const types = await Promise.all(
      files.map(async (file) => {
        const response = await fetch(new URL(file, `${system.host.url}/api/docs`));
        return `${file} ${response.status} ${response.headers.get('content-type')}`;
      }),
    );
    expect(types).toEqual([
      'docs/favicon-32x32.png 200 image/png',
      'docs/swagger-ui.css 200 text/css; charset=utf-8',
      'docs/swagger-ui-bundle.js 200 text/javascript; charset=utf-8',
      'docs/start.js 200 text/javascript; charset=utf-8',
    ]);
  });
});
