import { describe, expect, it } from 'vitest';
import { DocumentSet } from '../../../local/cosmos-db/document-set.ts';
import { runQuery } from '../../../local/cosmos-db/query.ts';
import { wordsMatch } from '../../../src/queries/search/search-conditions.ts';

const DOCUMENTS = 5_000;
const MINUTE_MS = 60_000;
const timeOf = (number: number) => new Date(Date.UTC(2026, 0, 1) + number * MINUTE_MS).toISOString();

/** One document per minute, in a set that counts how often a document is read. */
function countedDocuments() {
  const set = new DocumentSet();
  let reads = 0;
  for (let number = 0; number < DOCUMENTS; number += 1) {
    const rid = `r${String(number).padStart(8, '0')}`;
    const value = {
      id: `o${number}`,
      _rid: rid,
      board: 'all',
      status: number % 5 === 0 ? 'shipped' : number % 500 === 1 ? 'pending' : 'confirmed',
      region: `R${number % 50}`,
      sortKey: `${timeOf(number)}|o${number}`,
      dueAt: timeOf(number),
      words: ['lamp', number % 700 === 0 ? 'rare' : 'usual', `o${number}`],
      ...(number % 1_000 === 0 && { hour: timeOf(number).slice(0, 13) }),
      ...(number === 7 && { completeUpTo: timeOf(number) }),
    };
    const counted = {
      id: value.id,
      rid,
      etag: '',
      bytes: 0,
      get value() {
        reads += 1;
        return value;
      },
    };
    set.put(counted);
  }
  return {
    readsOf(query: string, parameters: Readonly<Record<string, unknown>>): number {
      const request = {
        query,
        parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })),
        maxItemCount: 10_000,
        continuation: undefined,
        compositeIndexes: [],
      };
      const source = { all: () => set.all(), indexed: { set, filters: [] } };
      runQuery(source, request);
      const before = reads;
      runQuery(source, request);
      return reads - before;
    },
  };
}

const page = (conditions: string) =>
  `SELECT TOP 21 c.id FROM c WHERE IS_DEFINED(c.sortKey) AND ${conditions} ORDER BY c.sortKey DESC`;
const search = (text: string) => {
  const [condition] = wordsMatch(text, 'words');
  return [page(condition?.sql ?? ''), condition?.parameters ?? {}] as const;
};
const BOARD = 'c.board = @board AND ARRAY_CONTAINS(@statuses, c.status)';
const statuses = ['confirmed', 'shipped', 'delivered'];

describe('a query whose indexes exist', () => {
  const documents = countedDocuments();

  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['a status', page('c.status = @status'), { '@status': 'pending' }],
    ['a word that all have', ...search('lamp')],
    ['a word that few have', ...search('rare')],
    ['a word that none has', ...search('nothing')],
    ['a text without words', ...search('!')],
    ['several statuses', page(BOARD), { '@board': 'all', '@statuses': statuses }],
    [
      'several statuses in a region',
      page(`${BOARD} AND c.region = @region`),
      { '@board': 'all', '@statuses': statuses, '@region': 'R7' },
    ],
    ['the next page', page('c.sortKey < @after'), { '@after': timeOf(20) }],
    [
      'what is due',
      "SELECT TOP 100 * FROM c WHERE c.status = 'pending' AND c.dueAt <= @now ORDER BY c.dueAt",
      { '@now': '2027' },
    ],
    ['the number of some', "SELECT VALUE COUNT(1) FROM c WHERE c.status = 'pending'", {}],
    [
      'documents with one of two properties',
      'SELECT * FROM c WHERE c.hour >= @from OR IS_DEFINED(c.completeUpTo)',
      { '@from': '2026' },
    ],
    ['the oldest of none', "SELECT TOP 1 * FROM c WHERE c.status = 'running' ORDER BY c.dueAt", {}],
  ])('reads few of many documents to find %s', (_, query, parameters) => {
    expect(documents.readsOf(query, parameters)).toBeLessThanOrEqual(30);
  });
});
