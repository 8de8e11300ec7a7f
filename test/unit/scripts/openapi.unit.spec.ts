import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { operationsByApp } from '../../../scripts/generate/load-operations.ts';
import { OPEN_API_FILE, openApiText } from '../../../scripts/generate/open-api.ts';
import type { Operation } from '../../../src/shared/http/operation.ts';

const published = readFileSync(OPEN_API_FILE, 'utf8');
const operations: readonly Operation[] = [...operationsByApp().keys()];

describe('the published OpenAPI document', () => {
  it('is up to date with the code (run "npm run generate" to update it)', async () => {
    expect(JSON.parse(published)).toEqual(JSON.parse(openApiText()));
  });

  it('has no unresolved references', () => {
    const document = JSON.parse(published);
    const references = [...published.matchAll(/"\$ref": ?"#\/([^"]+)"/g)].map(([, path = '']) => path);
    const missing = references.filter((path) => {
      const found = path.split('/').reduce((node, key) => node?.[key], document);
      return found === undefined;
    });
    expect(missing).toEqual([]);
  });

  it.each(['"3"', 'W/"3"', '"3.1"', '"3.17.1"'])('allows the ETag %s in If-Match', (etag) => {
    const { pattern } = JSON.parse(published).components.parameters['If-Match'].schema;
    expect(etag).toMatch(new RegExp(pattern, 'u'));
  });

  it('has a unique name for each operation', () => {
    const names = operations.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it('has no two operations for the same request, because the Functions host gives it to the first of them by name', () => {
    const segmentsOf = ({ route }: Operation) => route.split('/');
    const canEqual = (one = '', other = '') => one === other || one.startsWith('{') || other.startsWith('{');
    const overlap = (one: Operation, other: Operation) => {
      const [segments, others] = [segmentsOf(one), segmentsOf(other)];
      return (
        one.method === other.method &&
        segments.length === others.length &&
        segments.every((segment, index) => canEqual(segment, others[index]))
      );
    };
    const pairs = operations.flatMap((one, index) =>
      operations.slice(index + 1).flatMap((other) => (overlap(one, other) ? [[one.name, other.name]] : [])),
    );
    expect(pairs).toEqual([]);
  });

  const responsesOf = ({ method, route }: Operation) =>
    JSON.parse(published).paths[`/${route}`][method.toLowerCase()].responses;

  it('has the problems of a body in every command, because one without data may be sent with a body', () => {
    const commands = operations.filter(({ headers }) => headers?.includes('Idempotency-Key'));
    expect(commands.map(({ name }) => name)).toContain('removeLine');
    const statuses = commands.map((command) => Object.keys(responsesOf(command)));
    for (const status of statuses) expect(status).toEqual(expect.arrayContaining(['411', '413', '415']));
  });

  it('has the header Retry-After in the problem concurrent-update', () => {
    const conflicting = operations.filter(({ problems }) => problems.includes('concurrent-update'));
    expect(conflicting.length).toBeGreaterThan(0);
    for (const operation of conflicting) expect(responsesOf(operation)[409].headers).toHaveProperty('Retry-After');
  });

  it('has only valid examples of request bodies', () => {
    const invalid = operations.flatMap(({ name, body }) =>
      Object.entries(body?.examples ?? {}).flatMap(([title, example]) => {
        const { error } = body?.schema.safeParse(example) ?? {};
        return error === undefined ? [] : [`${name}, ${title}: ${error.message}`];
      }),
    );
    expect(invalid).toEqual([]);
  });

  it('has only valid examples of response bodies', () => {
    const shown = operations.flatMap(({ name, answers }) =>
      Object.values(answers).flatMap(({ schema }) =>
        z
          .array(z.unknown())
          .parse(schema?.meta()?.examples ?? [])
          .map((example) => ({ name, error: schema?.safeParse(example).error })),
      ),
    );
    expect(shown.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(shown.length).toBeGreaterThan(0);
  });

  it('has an example of every request body', () => {
    const without = operations.filter(({ body }) => body !== undefined && Object.keys(body.examples).length === 0);
    expect(without.map(({ name }) => name)).toEqual([]);
  });
});
