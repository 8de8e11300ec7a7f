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

describe('what the gateway knows of the API', () => {
  it('is what the code says: run "npm run generate" after a change', async () => {
    for (const [name, text] of gatewayFiles()) {
      expect(JSON.parse(readFileSync(`${GATEWAY_FOLDER}/${name}`, 'utf8'))).toEqual(JSON.parse(text));
    }
  });

  it('is small enough for a template to load (131,072 characters)', () => {
    expect(readFileSync(`${GATEWAY_FOLDER}/openapi.json`, 'utf8').length).toBeLessThan(131_072);
  });

  it('sends each operation to an app that has it', async () => {
    const apps = new Map([...operationsByApp()].map(([{ name }, of]) => [name.toLowerCase(), of]));
    const astray = operations.filter(({ name, app }) => !apps.get(name)?.some((one) => one === app));
    expect(astray).toEqual([]);
  });

  it('lets those operations pass without a token that need none in the app', async () => {
    const open = [...operationsByApp().keys()].filter(({ roles }) => roles.length === 0);
    const anonymous = operations.filter(({ anonymous }) => anonymous).map(({ name }) => name);
    expect(anonymous.toSorted()).toEqual(open.map(({ name }) => name.toLowerCase()).sort());
  });

  it('keeps answers only of operations that need no token', () => {
    const caching = [...policies].filter(([, text]) => text.includes('<cache-store')).map(([name]) => name);
    expect(caching).toEqual(['operation-public.xml']);
    expect(operations.filter(({ kind, anonymous }) => kind === 'public' && !anonymous)).toEqual([]);
  });
});

describe('the policies', () => {
  it('let web pages send and see every header that an operation has', async () => {
    const [sent = '', seen = ''] = policyOf('api.xml').split('</allowed-headers>');
    const operations = [...operationsByApp().keys()];
    const heeded = operations.flatMap(({ headers }) => headers ?? []);
    const answered = operations.flatMap(({ answers }) =>
      Object.values(answers).flatMap(({ headers }) => headers ?? []),
    );
    const missing = (names: readonly string[], list: string) =>
      names.filter((name) => !list.includes(`<header>${name.toLowerCase()}</header>`));
    expect(missing(['Authorization', 'Content-Type', 'x-correlation-id', ...heeded], sent)).toEqual([]);
    expect(missing(['Retry-After', 'x-correlation-id', ...answered], seen)).toEqual([]);
  });

  it('take from every request the header by which the host tells an app the invocation', () => {
    const [inbound] = policyOf('gateway.xml').split('</inbound>');
    expect(inbound).toContain('<set-header name="x-ms-invocation-id" exists-action="delete" />');
  });

  it('pass a stream on as it comes', () => {
    expect(operations.some(({ kind }) => kind === 'stream')).toBe(true);
    expect(policyOf('operation-stream.xml')).toContain('buffer-response="false"');
  });

  it.each([...policies])('%s is well-formed XML', (_name, text) => {
    expect(XMLValidator.validate(text)).toBe(true);
  });

  it.each([...policies])('%s names only values that the template sets', (_name, text) => {
    const named = [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !new RegExp(`\\b${name}: `).test(module))).toEqual([]);
  });

  it('are all loaded, and exist for every kind of operation', () => {
    const loaded = [...module.matchAll(/(\w+): loadTextContent\('\.\.\/policies\/([\w-]+\.xml)'\)/g)];
    expect(loaded.map(([, , file]) => file).sort()).toEqual([...policies.keys()].sort());
    const kinds = new Set(loaded.map(([, key]) => key));
    expect(operations.filter(({ kind }) => !kinds.has(kind))).toEqual([]);
  });
});
