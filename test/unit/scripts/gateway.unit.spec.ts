import { readdirSync, readFileSync } from 'node:fs';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GATEWAY_FOLDER, gatewayFiles } from '../../../scripts/generate/gateway.ts';
import { operationsByApp } from '../../../scripts/generate/load-operations.ts';

const POLICIES = 'infra/policies';
const policies = new Map(
  readdirSync(POLICIES).map((name) => [name, readFileSync(`${POLICIES}/${name}`, 'utf8')] as const),
);
const policyOf = (file: string) => policies.get(file) ?? '';
const module = readFileSync('infra/modules/api-management.bicep', 'utf8');

const operations = z
  .array(z.object({ name: z.string(), app: z.string(), kind: z.string(), anonymous: z.boolean() }))
  .parse(JSON.parse(readFileSync(`${GATEWAY_FOLDER}/operations.json`, 'utf8')));

describe('the generated description of the API for the gateway', () => {
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
    const misrouted = operations.filter(({ name, app }) => !apps.get(name)?.some((one) => one === app));
    expect(misrouted).toEqual([]);
  });

  it('allows anonymous requests exactly for the operations that need no token in the app', async () => {
    const open = [...operationsByApp().keys()].filter(({ roles }) => roles.length === 0);
    const anonymous = operations.filter(({ anonymous }) => anonymous).map(({ name }) => name);
    expect(anonymous.toSorted()).toEqual(open.map(({ name }) => name.toLowerCase()).sort());
  });

  it('caches responses only of operations that need no token', () => {
    const caching = [...policies].filter(([, text]) => text.includes('<cache-store')).map(([name]) => name);
    expect(caching).toEqual(['operation-public.xml']);
    expect(operations.filter(({ kind, anonymous }) => kind === 'public' && !anonymous)).toEqual([]);
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
    expect(missing(['Retry-After', 'x-correlation-id', ...responseHeaders], exposed)).toEqual([]);
  });

  it('remove from every request the header in which the host passes the invocation id to an app', () => {
    const [inbound] = policyOf('gateway.xml').split('</inbound>');
    expect(inbound).toContain('<set-header name="x-ms-invocation-id" exists-action="delete" />');
  });

  it('do not buffer a stream', () => {
    expect(operations.some(({ kind }) => kind === 'stream')).toBe(true);
    expect(policyOf('operation-stream.xml')).toContain('buffer-response="false"');
  });

  it.each([...policies])('are well-formed XML: %s', (_name, text) => {
    expect(XMLValidator.validate(text)).toBe(true);
  });

  it.each([...policies])('refer only to values that the template sets: %s', (_name, text) => {
    const named = [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !new RegExp(`\\b${name}: `).test(module))).toEqual([]);
  });

  it('are all loaded and cover every kind of operation', () => {
    const loaded = [...module.matchAll(/(\w+): loadTextContent\('\.\.\/policies\/([\w-]+\.xml)'\)/g)];
    expect(loaded.map(([, , file]) => file).sort()).toEqual([...policies.keys()].sort());
    const kinds = new Set(loaded.map(([, key]) => key));
    expect(operations.filter(({ kind }) => !kinds.has(kind))).toEqual([]);
  });
});
