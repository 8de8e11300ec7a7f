import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { READ_MODELS } from '../../../src/shared/event-hubs/hub.ts';
import { CONTAINERS } from '../../../src/shared/read-models/containers.ts';
import { chapterOf, codesIn, rowsOf } from '../../support/docs/markdown-tables.ts';
import { requestsIn, routeOf, rowsOfQueries } from '../../support/docs/queries.ts';
import { missingTests, referencesIn } from '../../support/docs/test-references.ts';

const TEXT = readFileSync('docs/queries.md', 'utf8');
const ROWS = rowsOfQueries(TEXT);

/** The paths of the published description, by method. */
const published = z
  .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
  .transform(({ paths }) =>
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  )
  .parse(JSON.parse(readFileSync('docs/openapi.json', 'utf8')));

describe('the table of questions', () => {
  it('names only routes that exist', () => {
    const routes = ROWS.flatMap((row) => requestsIn(row['answered by'])).map(routeOf);
    expect(routes.length).toBeGreaterThan(30);
    expect(routes.filter((route) => !published.includes(route))).toEqual([]);
  });

  it('has every list and every document that a client can get', () => {
    const routes = ROWS.flatMap((row) => requestsIn(row['answered by'])).map(routeOf);
    const gets = published.filter((route) => route.startsWith('GET ') && !NO_QUESTION.has(route));
    expect(gets.filter((route) => !routes.includes(route))).toEqual([]);
  });

  it('has a question, an answer, a source and a freshness in each row', () => {
    const incomplete = ROWS.filter((row) => !(row.question && row['answered by'] && row.reads && row.freshness));
    expect(incomplete).toEqual([]);
  });

  it('states request units where a read model or another container of Cosmos DB is read, and nowhere else', () => {
    const others = CONTAINERS.filter((container) => !('readModel' in container)).map(({ name }) => name);
    const names = [...READ_MODELS, ...others];
    const isRead = (reads = '') => codesIn(reads).some((name) => names.includes(name));
    const wrong = ROWS.filter((row) => isRead(row.reads) !== /^\d+$/.test(row['request units'] ?? ''));
    expect(wrong).toEqual([]);
  });

  it('names at least one test in each row, by its title, and each exists', () => {
    const references = ROWS.map(({ test = '' }) => referencesIn(test));
    expect(references.filter((ofRow) => ofRow.length === 0 || ofRow.some(({ titles }) => titles.length === 0))).toEqual(
      [],
    );
    expect(references.flat().flatMap(missingTests)).toEqual([]);
  });
});

/** What is no question about orders. */
const NO_QUESTION: ReadonlySet<string> = new Set([
  'GET /admin/replays/{replayId}',
  'GET /docs',
  'GET /docs/{file}',
  'GET /health/live',
  'GET /health/ready',
  'GET /openapi.json',
  'GET /webhooks',
  'GET /webhooks/{webhookId}/deliveries',
]);

it('what other texts call differently is answered by requests of the table', () => {
  const answers = rowsOf(chapterOf(TEXT, '## Under other names')).flatMap((row) => requestsIn(row.here));
  const asked = ROWS.flatMap((row) => requestsIn(row['answered by']));
  expect(answers.length).toBeGreaterThan(15);
  expect(answers.filter((request) => !asked.includes(request))).toEqual([]);
});
