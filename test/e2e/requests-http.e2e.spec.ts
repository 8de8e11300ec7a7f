import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSystem, type TestSystem } from '../support/system/system.ts';

interface Request {
  readonly title: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The requests of a file for REST clients: they stand between lines of ###, each with its head, a blank line and its body. */
function parseRequests(text: string, variables: ReadonlyMap<string, string>): readonly Request[] {
  const filled = text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => variables.get(name) ?? whole);
  const [, ...blocks] = filled.split(/^###/m);
  return blocks.map((block) => {
    const [title = '', ...lines] = block.trimEnd().split('\n');
    const bodyAt = lines.includes('') ? lines.indexOf('') : lines.length;
    const [requestLine = '', ...headers] = lines.slice(0, bodyAt);
    const [method = '', url = ''] = requestLine.split(' ');
    const entries = headers.map((header) => [
      header.slice(0, header.indexOf(':')),
      header.slice(header.indexOf(':') + 2),
    ]);
    const body = lines.slice(bodyAt + 1).join('\n');
    return { title: title.trim(), method, url, headers: Object.fromEntries(entries), body };
  });
}

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

describe('requests.http', () => {
  const text = readFileSync('requests.http', 'utf8');

  it('has a value for every variable that it uses', () => {
    const used = [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
    const set = [...text.matchAll(/^@(\w+) = \S/gm)].map(([, name]) => name);
    expect(new Set(used)).toEqual(new Set(set));
  });

  it('leads an order through its life, one request after another', async () => {
    const variables = new Map([
      ['baseUrl', `${system.host.url}/api`],
      ['token', await system.azure.issuer.sign({ roles: ['admin'], lifetime: 3600 })],
      ['run', '1'],
    ]);
    const answers: string[] = [];
    for (const { title, method, url, headers, body } of parseRequests(text, variables)) {
      const response = await fetch(url, { method, headers, ...(body !== '' && { body }) });
      if (!response.ok) answers.push(`${title}: ${response.status} ${await response.text()}`);
    }
    expect(answers).toEqual([]);
    const { status, body } = await system.as('admin').get('/orders/order-1/current');
    expect([status, body.status, body.version]).toEqual([200, 'refunded', 9]);
  });
});
