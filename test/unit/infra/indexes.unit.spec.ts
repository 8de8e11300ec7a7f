import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as readModels from '../../../src/shared/read-models/containers.ts';
import { SEARCH_LISTS } from '../../../src/shared/search/search-lists.ts';
import { ofType, propertyOf, ROOT, SNAPSHOTS } from '../../support/infra/snapshots.ts';

const FOLDERS = ['src/queries', 'src/sync'];

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8')),
);

/** What the documents of a customer's orders are found by when the customer has changed. */
const CUSTOMER = ['customerId', 'customerVersion'];
const FOUND_BY_CUSTOMER: ReadonlySet<string> = new Set(['order_pages', 'searchable_orders', 'shipments']);

/** Documents that are listed over all partitions, or found by their ids. */
const LISTED_OVER_ALL: ReadonlySet<string> = new Set(['sales_daily', 'sales_live', 'catalogue', 'app_figures']);

/** What needs no index: the selected properties. */
const UNINDEXED = /SELECT [^']* FROM c/g;
/** Cosmos DB always indexes it (https://learn.microsoft.com/azure/cosmos-db/index-policy#include-exclude-paths). */
const ALWAYS_INDEXED = 'id';

/** The properties that the queries of a file filter or sort by: `c.status` in SQL, `equals('status', …)`, the words of a search. */
function propertiesIn(text: string): readonly string[] {
  const inSql = text.replaceAll(UNINDEXED, '').matchAll(/(?<![\w.])c\.(\w+)/g);
  const inConditions = text.matchAll(/\bequals\('(\w+)'/g);
  const inSearches = text.includes('answerSearch<') ? text.matchAll(/'(words|orderWords)'/g) : [];
  const sortedBy = /\bsortBy: '(\w+)'/.exec(text)?.[1] ?? 'sortKey';
  const inPages = /\breadPage</.test(text) ? [sortedBy] : [];
  return [...[...inSql, ...inConditions, ...inSearches].flatMap(([, name]) => name ?? []), ...inPages];
}

/** The properties by which a container's documents are found or sorted; a partition key is a filter, unless it is the id. */
function usedIn(container: readModels.Container): readonly string[] {
  const { name } = container;
  const constant = Object.entries(readModels).find(
    ([, value]) => typeof value === 'object' && 'name' in value && value.name === name,
  )?.[0];
  const list = SEARCH_LISTS.find(({ container }) => container.name === name);
  const listConstant = list && `${list.name.toUpperCase()}_LIST`;
  const isNamed = new RegExp(`\\b(${[constant, listConstant].filter((one) => one !== undefined).join('|')})\\b`);
  const inFiles = [...files.filter((text) => isNamed.test(text)).flatMap(propertiesIn), ...(list ? [list.sortBy] : [])];
  const key = readModels.pathsOf(container).flatMap((path) => (path === '/id' ? [] : path.slice(1)));
  const queried = [...inFiles, ...(FOUND_BY_CUSTOMER.has(name) ? CUSTOMER : [])];
  const used = new Set(LISTED_OVER_ALL.has(name) ? queried : [...queried, ...key]);
  used.delete(ALWAYS_INDEXED);
  return [...used].sort();
}

const policy = z.object({
  includedPaths: z.array(z.object({ path: z.string() })),
  excludedPaths: z.tuple([z.object({ path: z.literal('/*') })]),
});

describe.each(SNAPSHOTS)('the indexes in the template for %s', (_, snapshot) => {
  it.each(readModels.CONTAINERS.map((container) => [container.name, container] as const))(
    'of %s are those that a query uses, and no other',
    (name, container) => {
      const resource = ofType(snapshot, 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers').find(
        (one) => propertyOf(one, 'properties.resource.id') === name,
      );
      const { includedPaths } = policy.parse(resource && propertyOf(resource, 'properties.resource.indexingPolicy'));

      const indexed = includedPaths.map(({ path }) => path.replace(/^\/(\w+)(\/\[])?\/\?$/, '$1'));

      expect(indexed.toSorted()).toEqual(usedIn(container));
    },
  );
});
