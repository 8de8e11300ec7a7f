import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { OPEN_API_FILE } from '../../scripts/generate/open-api.ts';
import { type PublishedOperation, publishedOperations } from '../support/http/open-api.ts';
import { prepareRequests, reachAnswers } from '../support/http/reach-answers.ts';
import { sendExample } from '../support/http/send-example.ts';
import { cancelReplays } from '../support/shop/replays.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

const named = (operations: readonly PublishedOperation[]) =>
  operations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const);

let system: TestSystem;
it.beforeAll(({ shared }) => {
  system = shared;
});
afterAll(() => cancelReplays(system));

/** Described answers that no request of these tests reaches, with what does. */
const NOT_REACHED: readonly { readonly status: number; readonly of?: readonly string[] }[] = [
  // The gateway's limits, and the app's own limits of waits and subscriptions: test/unit/queries/caller-limits.unit.spec.ts
  { status: 429 },
  // No request causes an unexpected error: test/e2e/fuzz.e2e.spec.ts
  { status: 500 },
  // Outages: test/faults
  { status: 503 },
  // A report that takes too long: test/unit/queries/reports.unit.spec.ts
  { status: 504 },
  // The limit of webhooks: test/unit/sync/save-webhook.unit.spec.ts
  { status: 422, of: ['saveWebhook'] },
  // Requests that change the same thing at the same time: test/contract/command-races.ts
  {
    status: 409,
    of: [
      'adjustStock',
      'changeCreditLimit',
      'changeCustomerContact',
      'changePrice',
      'renameProduct',
      'discontinueProduct',
      'eraseCustomer',
      'redriveDeadLetter',
      'discardDeadLetter',
      'cancelReplay',
      'saveWebhook',
      'replayWebhook',
    ],
  },
];

const isListed = (operationId: string, status: number) =>
  NOT_REACHED.some((listed) => listed.status === status && (listed.of?.includes(operationId) ?? true));

describe('an operation answers as described, with every described status that is not listed:', () => {
  let shared: ReturnType<typeof prepareRequests>;
  beforeAll(() => {
    shared = prepareRequests(system);
  });

  it.each(named(publishedOperations))('%s', async (_title, operation) => {
    const reached = await reachAnswers(system, await shared, operation);
    const described = Object.keys(operation.responses).map(Number);
    expect([...reached].toSorted()).toEqual(described.filter((status) => !isListed(operation.operationId, status)));
  });
});

describe('a request without a token', () => {
  const needToken = publishedOperations.filter((operation) => operation['x-roles'].length > 0);
  it.each(named(needToken))('gets 401 as described from %s', async (_title, operation) => {
    const { status, body } = await sendExample(system, operation, {});
    expect([status, body.code]).toEqual([401, 'unauthenticated']);
  });

  const anonymous = publishedOperations.filter((operation) => operation['x-roles'].length === 0);
  it.each(named(anonymous))('is accepted by %s', async (_title, operation) => {
    expect((await sendExample(system, operation, {})).status).toBe(200);
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
