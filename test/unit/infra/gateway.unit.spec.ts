import { readdirSync, readFileSync } from 'node:fs';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GATEWAY_FOLDER, gatewayFiles } from '../../../scripts/generate/gateway.ts';

import { operationsByApp } from '../../../scripts/generate/load-operations.ts';
import { EXPOSED_HEADERS } from '../../../src/shared/http/operation.ts';
import { ofType, propertyOf, SNAPSHOTS, type Snapshot } from '../../support/infra/snapshots.ts';

const POLICIES = 'infra/policies';
const policies = new Map(
  readdirSync(POLICIES).map((name) => [name, readFileSync(`${POLICIES}/${name}`, 'utf8')] as const),
);
const policyOf = (file: string) => policies.get(file) ?? '';
const module = readFileSync('infra/modules/api-management.bicep', 'utf8');

/** The named values that a deployment sets. */
const valuesOf = (snapshot: Snapshot | undefined) =>
  new Set(
    snapshot &&
      ofType(snapshot, 'Microsoft.ApiManagement/service/namedValues').map(({ name }) => name.split('/').at(-1)),
  );

/** The operations that a deployment lets through without a token. */
function anonymousIn(snapshot: Snapshot): string {
  const value = ofType(snapshot, 'Microsoft.ApiManagement/service/namedValues').find(({ name }) =>
    name.endsWith('/anonymousOperations'),
  );
  return String(value && propertyOf(value, 'properties.value'));
}

const operations = z
  .array(
    z.object({
      name: z.string(),
      method: z.string(),
      path: z.string(),
      app: z.string(),
      kind: z.string(),
      anonymous: z.boolean(),
      publicBySetting: z.boolean(),
    }),
  )
  .parse(JSON.parse(readFileSync(`${GATEWAY_FOLDER}/operations.json`, 'utf8')));

/** Every GET operation has a companion that answers HEAD. */
const withoutHead = (name: string) => name.replace(/-head$/, '');

describe('the generated description of the API for the gateway', () => {
  it('answers HEAD wherever it answers GET', () => {
    const paths = (method: string) => operations.flatMap((one) => (one.method === method ? one.path : [])).sort();
    expect(paths('HEAD')).toEqual(paths('GET'));
  });

  it('is up to date with the code (run "npm run generate" to update it)', async () => {
    for (const [name, text] of gatewayFiles()) {
      expect(JSON.parse(readFileSync(`${GATEWAY_FOLDER}/${name}`, 'utf8'))).toEqual(JSON.parse(text));
    }
  });

  it('is small enough for a template to load (below 131,072 characters)', () => {
    expect(readFileSync(`${GATEWAY_FOLDER}/openapi.json`, 'utf8').length).toBeLessThan(131_072);
  });

  it('routes each operation to an app that has it', async () => {
    const apps = new Map([...operationsByApp()].map(([{ name }, of]) => [name.toLowerCase(), of]));
    const misrouted = operations.filter(({ name, app }) => !apps.get(withoutHead(name))?.some((one) => one === app));
    expect(misrouted).toEqual([]);
  });

  it('allows anonymous requests exactly for the operations that need no token in the app', async () => {
    const open = [...operationsByApp().keys()].filter(({ roles }) => roles.length === 0);
    const anonymous = new Set(operations.filter(({ anonymous }) => anonymous).map(({ name }) => withoutHead(name)));
    expect([...anonymous].sort()).toEqual(open.map(({ name }) => name.toLowerCase()).sort());
  });

  it('allows anonymous requests for the catalogue where a parameter says so, and in no deployment by default', () => {
    const open = operations.filter(({ publicBySetting }) => publicBySetting).map(({ name }) => withoutHead(name));
    expect(new Set(open)).toEqual(new Set(['getproduct', 'getproducts']));
    for (const [, snapshot] of SNAPSHOTS) expect(anonymousIn(snapshot)).not.toContain('getproduct');
  });

  it('caches responses only of operations that need no token', () => {
    const caching = [...policies].filter(([, text]) => text.includes('<cache-store')).map(([name]) => name);
    expect(caching).toEqual(['operation-public.xml']);
    expect(operations.filter(({ kind, anonymous }) => kind === 'public' && !anonymous)).toEqual([]);
  });
});

describe('the named values', () => {
  it.each(SNAPSHOTS)('are the same whoever issues the tokens (%s)', (_, snapshot) => {
    expect([...valuesOf(snapshot)]).toEqual(
      expect.arrayContaining(['tokenIssuer', 'tokenOpenIdConfiguration', 'tokenTenant']),
    );
  });
});

describe('the gateway policies', () => {
  it('let web pages send and read every header of an operation', async () => {
    const [allowed = '', exposed = ''] = policyOf('api.xml').split('</allowed-headers>');
    const operations = [...operationsByApp().keys()];
    const requestHeaders = operations.flatMap(({ headers }) => headers ?? []);
    const responseHeaders = operations.flatMap(({ answers }) =>
      Object.values(answers).flatMap(({ headers }) => headers ?? []),
    );
    const missing = (names: readonly string[], list: string) =>
      names.filter((name) => !list.includes(`<header>${name.toLowerCase()}</header>`));
    expect(missing(['Authorization', 'Content-Type', 'x-correlation-id', ...requestHeaders], allowed)).toEqual([]);
    expect(missing(EXPOSED_HEADERS, exposed)).toEqual([]);
    expect([...exposed.matchAll(/<header>/g)]).toHaveLength(EXPOSED_HEADERS.length);
    expect(EXPOSED_HEADERS).toEqual(expect.arrayContaining([...responseHeaders, 'Retry-After', 'x-correlation-id']));
  });

  it('let no web page send the cookies or other credentials of a browser', () => {
    expect(policyOf('api.xml')).toContain('<cors allow-credentials="false" ');
  });

  it('remove from every request the header in which the host passes the invocation id to an app', () => {
    const [inbound] = policyOf('gateway.xml').split('</inbound>');
    expect(inbound).toContain('<set-header name="x-ms-invocation-id" exists-action="delete" />');
  });

  it.each([...policies])('are well-formed XML: %s', (_name, text) => {
    expect(XMLValidator.validate(text)).toBe(true);
  });

  it.each([...policies])('refer only to values that the template sets: %s', (_name, text) => {
    const named = [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !valuesOf(SNAPSHOTS[0]?.[1]).has(name))).toEqual([]);
  });

  it('are all loaded and cover every kind of operation', () => {
    const loaded = [...module.matchAll(/(\w+): loadTextContent\('\.\.\/policies\/([\w-]+\.xml)'\)/g)];
    expect(loaded.map(([, , file]) => file).sort()).toEqual([...policies.keys()].sort());
    const kinds = new Set(loaded.map(([, key]) => key));
    expect(operations.filter(({ kind }) => !kinds.has(kind))).toEqual([]);
  });
});
