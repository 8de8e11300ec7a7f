import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSearchSource } from '../../src/queries/search/open-search-source.ts';
import { type SearchCondition, wordsMatch } from '../../src/queries/search/search-conditions.ts';
import { cosmosSearch, type SearchSource } from '../../src/queries/search/search-source.ts';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { searchWords } from '../../src/shared/read-models/search-words.ts';
import { ORDERS_LIST } from '../../src/shared/search/search-lists.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { orderEvent } from '../support/events/order-lives.ts';
import { openSearchFixture, type SearchFixture } from '../support/search/search-fixture.ts';

let fixture: SearchFixture;
let sources: readonly SearchSource[];
beforeAll(async () => {
  fixture = await openSearchFixture('ai-search');
  const { database, aiSearch } = fixture;
  if (aiSearch === undefined) throw new Error('There is no Azure AI Search.');
  const connection = { endpoint: aiSearch.endpoint, clientId: undefined, apiKey: aiSearch.apiKey };
  sources = [cosmosSearch(database), openSearchSource(connection, database, systemRuntime)];
  await fixture.maintain();
});
afterAll(() => fixture.close());

/** Texts of few letters of many scripts, so that words and their starts occur often; with characters that query languages know. */
const word = fc.string({
  unit: fc.constantFrom('a', 'b', 'É', 'ß', 'ø', '龍', '小', 'ก', '์', 'ガ', '7'),
  minLength: 1,
  maxLength: 4,
});
const text = fc
  .array(fc.oneof(word, fc.constantFrom('AND', 'or', '-', '*', '"', '~', ':', '(', '\\', '/')), { maxLength: 4 })
  .map((words) => words.join(' '));

/** Orders that were placed in one of three minutes, so that many have the same time. */
const orders = fc.array(fc.record({ customerName: text, productName: text, minute: fc.integer({ min: 0, max: 2 }) }), {
  minLength: 1,
  maxLength: 12,
});

let run = 0;

function toEvent(
  { customerName, productName, minute }: { customerName: string; productName: string; minute: number },
  index: number,
): EventEnvelope {
  const placedAt = `2026-01-15T10:0${minute}:00.000Z`;
  const items = [{ line: 1, productId: 'p', quantity: 1, price: 1, productName }];
  return orderEvent(`run${run}-${index}`, 1, { customerName, placedAt, items });
}

/** The ids of all orders that meet the conditions, in pages. The sources take turns, each continuing with the other's token. */
async function allPages(
  turns: readonly SearchSource[],
  conditions: readonly SearchCondition[],
  limit: number,
): Promise<readonly string[]> {
  const found: string[] = [];
  let continuationToken: string | undefined;
  for (let page = 0; page === 0 || continuationToken !== undefined; page++) {
    const read = await turns[page % turns.length]?.readPage<{ readonly orderId: string; readonly sortKey: string }>(
      ORDERS_LIST,
      conditions,
      { limit, properties: ['orderId', 'sortKey'], continuationToken },
    );
    found.push(...(read?.documents.map(({ orderId }) => orderId) ?? []));
    const token = read?.continuationToken;
    continuationToken = token && Buffer.from(token, 'base64url').toString();
  }
  return found;
}

it('Cosmos DB and Azure AI Search find the same orders in the same order for any texts, and continue with each other’s tokens', async () => {
  await fc.assert(
    fc.asyncProperty(
      orders,
      text,
      fc.constantFrom('words', 'orderWords'),
      fc.integer({ min: 1, max: 5 }),
      async (shop, query, words, limit) => {
        run += 1;
        await fixture.project(shop.map(toEvent));
        const some = [...wordsMatch(`run${run} ${query}`, words)].slice(0, 8);
        fc.pre(searchWords(query).length < 8);
        const [cosmos, ai] = sources;
        const expected = await allPages(cosmos === undefined ? [] : [cosmos], some, 100);
        expect(await allPages(ai === undefined ? [] : [ai], some, limit)).toEqual(expected);
        expect(await allPages(sources, some, limit)).toEqual(expected);
      },
    ),
    { numRuns: 40 },
  );
});
