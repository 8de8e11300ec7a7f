import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { operationsByApp } from '../../../scripts/generate/load-operations.ts';
import { OPEN_API_FILE, openApiText } from '../../../scripts/generate/open-api.ts';
import type { Operation } from '../../../src/shared/http/operation.ts';

const published = readFileSync(OPEN_API_FILE, 'utf8');
const operations: readonly Operation[] = [...operationsByApp().keys()];

describe('the published description of the API', () => {
  it('is what the code says: run "npm run generate" after a change', async () => {
    expect(JSON.parse(published)).toEqual(JSON.parse(openApiText()));
  });

  it('refers to nothing that it does not have', () => {
    const document = JSON.parse(published);
    const references = [...published.matchAll(/"\$ref": ?"#\/([^"]+)"/g)].map(([, path = '']) => path);
    const missing = references.filter((path) => {
      const found = path.split('/').reduce((node, key) => node?.[key], document);
      return found === undefined;
    });
    expect(missing).toEqual([]);
  });

  it.each(['"3"', 'W/"3"', '"3.1"'])('has an If-Match that may be the ETag %s', (etag) => {
    const { pattern } = JSON.parse(published).components.parameters['If-Match'].schema;
    expect(etag).toMatch(new RegExp(pattern, 'u'));
  });

  it('names each operation once', () => {
    const names = operations.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it('has only examples that are valid', () => {
    const invalid = operations.flatMap(({ name, body }) =>
      Object.entries(body?.examples ?? {}).flatMap(([title, example]) => {
        const { error } = body?.schema.safeParse(example) ?? {};
        return error === undefined ? [] : [`${name}, ${title}: ${error.message}`];
      }),
    );
    expect(invalid).toEqual([]);
  });

  it('shows answers that are valid', () => {
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

  it('has an example of every body', () => {
    const without = operations.filter(({ body }) => body !== undefined && Object.keys(body.examples).length === 0);
    expect(without.map(({ name }) => name)).toEqual([]);
  });
});
