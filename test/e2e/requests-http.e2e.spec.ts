import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { EXAMPLE_ORDER } from '../support/shop/examples.ts';
import { eventually } from '../support/system/api-client.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

interface Request {
  readonly title: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Parses the requests of an .http file. Lines that start with ### separate them; a blank line precedes each body. */
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
it.beforeAll(({ shared }) => {
  system = shared;
});

describe('requests.http', () => {
  const text = readFileSync('requests.http', 'utf8');

  it('defines exactly the variables that it uses', () => {
    const used = [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
    const set = [...text.matchAll(/^@(\w+) = \S/gm)].map(([, name]) => name);
    expect(new Set(used)).toEqual(new Set(set));
  });

  it('takes an order through its life cycle, one request after another, and changes nothing when it runs again', async () => {
    expect([await failedRequests(text), await failedRequests(text)]).toEqual([[], []]);
    const { status, body } = await system.as('admin').get('/orders/walk-order-1/current');
    expect([status, body.status, body.version]).toEqual([200, 'refunded', 9]);
  });

  it('shares no id with the tours or the examples of the documentation page', () => {
    const others = ['README.md', 'local/local-system.ts', 'local/seed.ts', 'docs/openapi.json'].map((file) =>
      readFileSync(file, 'utf8'),
    );
    expect(others.filter((other) => other.includes('walk-'))).toEqual([]);
    const [readme, start, , page] = others;
    expect(others.filter((other) => other.includes(EXAMPLE_ORDER))).toEqual([page]);
    expect(others.filter((other) => other.includes('randomUUID()'))).toEqual([readme, start]);
  });
});

/** Sends all requests of the file in order, again while the read model is behind, and returns those that fail, with their responses. */
async function failedRequests(text: string): Promise<readonly string[]> {
  const variables = new Map([
    ['baseUrl', `${system.host.url}/api`],
    ['token', await system.azure.issuer.sign({ roles: ['admin'], lifetime: 3600 })],
    ['run', '1'],
  ]);
  const answers: string[] = [];
  for (const { title, method, url, headers, body } of parseRequests(text, variables)) {
    const response = await eventually(
      () => fetch(url, { method, headers, ...(body !== '' && { body }) }),
      ({ status }) => status !== 503,
    );
    if (!response.ok) answers.push(`${title}: ${response.status} ${await response.text()}`);
  }
  return answers;
}
