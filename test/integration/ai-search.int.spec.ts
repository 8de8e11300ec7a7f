import { AzureKeyCredential, type SearchClient, SearchIndexClient } from '@azure/search-documents';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AiSearchServer, startAiSearch } from '../../local/ai-search/server.ts';
import { indexDefinition } from '../../src/shared/search/index-definition.ts';

interface Doc {
  readonly id: string;
  readonly words?: string[];
  readonly text?: string | null;
  readonly kind?: string | null;
  readonly size?: number | null;
}

let server: AiSearchServer;
let indexes: SearchIndexClient;
let client: SearchClient<Doc>;
const options = { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } };
beforeAll(async () => {
  server = await startAiSearch({ port: 0 });
  indexes = new SearchIndexClient(server.endpoint, new AzureKeyCredential(server.apiKey), options);
});
afterAll(() => server.close());

const DEFINITION = {
  name: 'docs',
  fields: [
    { name: 'id', type: 'Edm.String', key: true },
    { name: 'words', type: 'Collection(Edm.String)', searchable: true, analyzerName: 'whitespace' },
    { name: 'text', type: 'Edm.String', searchable: true },
    { name: 'kind', type: 'Edm.String', filterable: true, sortable: true },
    { name: 'size', type: 'Edm.Int64', filterable: true, sortable: true },
  ],
  suggesters: [{ name: 'texts', searchMode: 'analyzingInfixMatching', sourceFields: ['text'] }],
} satisfies Parameters<SearchIndexClient['createIndex']>[0];

const DOCS: readonly Doc[] = [
  { id: 'a', words: ['Red', 'two-part'], text: 'Red lamp', kind: 'lamp', size: 1 },
  { id: 'b', words: ['blue'], text: 'Blue lamps, two', kind: 'lamp', size: 2 },
  { id: 'c', words: ['blue', 'glass'], text: 'Blue bowl', kind: "it's", size: null },
];

beforeEach(async () => {
  await indexes.deleteIndex('docs').catch(() => undefined);
  await indexes.createIndex(DEFINITION);
  client = indexes.getSearchClient<Doc>('docs', options);
  await client.uploadDocuments([...DOCS]);
});

type Options = NonNullable<Parameters<SearchClient<Doc>['search']>[1]>;

async function search(text: string, more: Options = {}): Promise<readonly string[]> {
  const { results } = await client.search(text, { top: 10, queryType: 'full', ...more } as Options);
  const ids: string[] = [];
  for await (const { document } of results) ids.push((document as Doc).id);
  return ids;
}

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'none',
    (error) => error.statusCode,
  );

describe('an index', () => {
  it('is found by its name, and has the definition it was created with', async () => {
    expect(await indexes.getIndex('docs')).toMatchObject({
      name: 'docs',
      fields: [{ name: 'id', key: true }, {}, {}, {}, {}],
    });
  });

  it('can be created once, and is gone once it is deleted', async () => {
    expect(await refusal(indexes.createIndex(DEFINITION))).toBe(409);
    await indexes.deleteIndex('docs');
    expect(await refusal(indexes.getIndex('docs'))).toBe(404);
    expect(await refusal(search('lamp'))).toBe(404);
    expect(await refusal(client.uploadDocuments([{ id: 'a' }]))).toBe(404);
  });

  it('keeps its fields', async () => {
    expect(await refusal(indexes.createOrUpdateIndex(DEFINITION))).toBe('none');
    const changed = { ...DEFINITION, fields: DEFINITION.fields.slice(0, 1), suggesters: [] };
    expect(await refusal(indexes.createOrUpdateIndex(changed))).toBe(400);
  });

  it.each([
    ['without a key', { ...DEFINITION, fields: DEFINITION.fields.slice(1) }],
    [
      'with an unknown analyzer',
      {
        name: 'x1',
        fields: [
          ...DEFINITION.fields,
          { name: 'more', type: 'Edm.String', searchable: true, analyzerName: 'xx.lucene' },
        ],
      },
    ],
    [
      'with a suggester of a whitespace field',
      { ...DEFINITION, suggesters: [{ name: 's', searchMode: 'analyzingInfixMatching', sourceFields: ['words'] }] },
    ],
    ['with a name in upper case', { ...DEFINITION, name: 'Docs' }],
  ])('%s is refused', async (_what, definition) => {
    expect(await refusal(indexes.createIndex(definition as typeof DEFINITION))).toBe(400);
  });

  it('of the apps is accepted', async () => {
    expect((await indexes.createIndex(indexDefinition('orders-v1-1'))).name).toBe('orders-v1-1');
    await indexes.deleteIndex('orders-v1-1');
  });

  it('is refused to a caller with another key', async () => {
    const other = new SearchIndexClient(server.endpoint, new AzureKeyCredential('other'), options);
    expect(await refusal(other.getIndex('docs'))).toBe(403);
  });
});

describe('an upload', () => {
  it('has a status for each document: created, replaced, or deleted', async () => {
    const { results } = await client.uploadDocuments([{ id: 'a' }, { id: 'd' }]);
    expect(results).toMatchObject([
      { key: 'a', statusCode: 200, succeeded: true },
      { key: 'd', statusCode: 201, succeeded: true },
    ]);
    expect((await client.deleteDocuments('id', ['d', 'never'])).results).toMatchObject([
      { statusCode: 200 },
      { statusCode: 200 },
    ]);
    expect(await search('*', { filter: 'kind eq null' })).toEqual(['a']);
  });

  it('merges into a document, and fails for one that does not exist while others succeed', async () => {
    const { results } = await client.mergeDocuments([
      { id: 'never', kind: 'x' },
      { id: 'a', kind: 'x' },
    ]);
    expect(results).toMatchObject([{ statusCode: 404, succeeded: false }, { statusCode: 200 }]);
    expect(await search('text:red', { filter: "kind eq 'x'" })).toEqual(['a']);
  });

  it.each([
    ['a field that is not there', { id: 'd', color: 'red' }],
    ['a value of another type', { id: 'd', size: 'large' }],
    ['a key with other characters', { id: 'd/e' }],
  ])('of %s is refused as a whole', async (_what, document) => {
    expect(await refusal(client.uploadDocuments([{ id: 'e' }, document as Doc]))).toBe(400);
    expect(server.index('docs')?.size).toBe(3);
  });

  it('fails for some documents, or as a whole, by an injected fault', async () => {
    server.injectFault({ operation: 'IndexDocuments', status: 503, documents: true, times: 1 });
    const { results } = await client.uploadDocuments([{ id: 'd' }, { id: 'e' }]);
    expect(results).toMatchObject([{ statusCode: 503, succeeded: false }, { statusCode: 201 }]);
    server.injectFault({ operation: 'IndexDocuments', status: 429, times: 1 });
    expect(await refusal(client.uploadDocuments([{ id: 'd' }]))).toBe(429);
  });
});

describe('a search', () => {
  it.each([
    ['*', ['a', 'b', 'c']],
    ['lamp', ['a']],
    ['lamp*', ['a', 'b']],
    ['text:LAMP', ['a']],
    ['words:red', []],
    ['words:Red', ['a']],
    ['words:two\\-part', ['a']],
    ['words:two', []],
    ['text:two', ['b']],
    ['text:lanp~1', ['a']],
    ['text:lanp', []],
    ['words:blue AND text:bowl', ['c']],
    ['(text:red OR text:bowl) AND text:b*', ['c']],
    ['text:(bowl)', 400],
    ['"red lamp"', 400],
    ['NOT red', 400],
    ['(text:red', 400],
    ['color:red', 400],
  ])('for %s in the full syntax finds %j', async (text, found) => {
    if (found === 400) expect(await refusal(search(text))).toBe(400);
    else expect((await search(text)).toSorted()).toEqual(found);
  });

  it('combines words by the search mode', async () => {
    expect((await search('blue bowl', { searchMode: 'any' })).toSorted()).toEqual(['b', 'c']);
    expect(await search('blue bowl', { searchMode: 'all' })).toEqual(['c']);
  });

  it('has no fields and fuzzy terms in the simple syntax', async () => {
    expect(await search('bowl', { queryType: 'simple' })).toEqual(['c']);
    expect(await refusal(search('text:bowl', { queryType: 'simple' }))).toBe(400);
  });

  it.each([
    ["kind eq 'lamp'", ['a', 'b']],
    ["kind eq 'it''s'", ['c']],
    ["kind ne 'lamp'", ['c']],
    ['size gt 1', ['b']],
    ['size le 1', ['a']],
    ['size eq null', ['c']],
    ["kind eq 'lamp' and (size lt 2 or size eq null)", ['a']],
    ["not (kind eq 'lamp')", ['c']],
    ["kind gt 'a'", 400],
    ["size eq '1'", 400],
    ["text eq 'x'", 400],
    ["color eq 'x'", 400],
    ["kind eq 'lamp' kind", 400],
    ["kind = 'lamp'", 400],
  ])('with the filter %s finds %j', async (filter, found) => {
    if (found === 400) expect(await refusal(search('*', { filter }))).toBe(400);
    else expect(await search('*', { filter })).toEqual(found);
  });

  it('is sorted, in pages, with the fields that are asked for', async () => {
    expect(await search('*', { orderBy: ['kind desc', 'size desc'] })).toEqual(['b', 'a', 'c']);
    expect(await search('*', { orderBy: ['size desc'], top: 1, skip: 1 })).toEqual(['a']);
    const { results } = await client.search('bowl', { top: 1, select: ['kind'] });
    for await (const { document } of results) {
      expect(document).toMatchObject({ kind: "it's" });
      expect(document).not.toHaveProperty('text');
    }
    expect(await refusal(search('*', { orderBy: ['text desc'] }))).toBe(400);
  });

  it('has the best match first', async () => {
    expect(await search('text:lamp^4 OR text:lamp*')).toEqual(['a', 'b']);
  });
});

describe('an autocompletion', () => {
  it('completes the last word with words of the documents', async () => {
    const { results } = await client.autocomplete('blue la', 'texts', { top: 5 });
    expect(results.map(({ queryPlusText }) => queryPlusText).toSorted()).toEqual(['blue lamp', 'blue lamps']);
    const filtered = await client.autocomplete('la', 'texts', { filter: 'size eq 2' });
    expect(filtered.results).toEqual([{ text: 'lamps', queryPlusText: 'lamps' }]);
  });

  it('with typing errors is fuzzy only when asked for', async () => {
    expect((await client.autocomplete('bowk', 'texts')).results).toEqual([]);
    expect((await client.autocomplete('bowk', 'texts', { useFuzzyMatching: true })).results).toMatchObject([
      { text: 'bowl' },
    ]);
  });

  it('needs a suggester and its fields', async () => {
    expect(await refusal(client.autocomplete('la', 'others'))).toBe(400);
    expect(await refusal(client.autocomplete('la', 'texts', { searchFields: ['words'] }))).toBe(400);
  });
});

describe('the server', () => {
  it('refuses what it does not have, and requests without a version', async () => {
    const get = (path: string) => fetch(`${server.endpoint}${path}`, { headers: { 'api-key': server.apiKey } });
    expect((await get("/aliases('x')?api-version=2026-04-01")).status).toBe(501);
    expect((await get('/indexes/docs')).status).toBe(400);
    expect((await get('/indexes/docs?api-version=2026-04-01')).status).toBe(200);
  });

  it('drops and refuses all connections while it is not available', async () => {
    server.setAvailable(false);
    await expect(search('lamp')).rejects.toThrow();
    server.setAvailable(true);
    expect(await search('lamp')).toEqual(['a']);
  });
});
