import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { type GeneratedParser, memoizeParser } from '../../../local/cosmos-db/memoized-parser.ts';

const require = createRequire(import.meta.url);
const PATH = require.resolve('@zeit/cosmosdb-query/lib/parser.js');

/** The parser as the package has it, loaded again. */
function originalParser(): GeneratedParser {
  const loaded = require.cache[PATH];
  delete require.cache[PATH];
  const parser: GeneratedParser = require(PATH);
  require.cache[PATH] = loaded;
  return parser;
}

const original = originalParser();
const memoized = originalParser();
memoizeParser(memoized, PATH);

const QUERIES = [
  'SELECT * FROM c',
  'SELECT VALUE COUNT(1) FROM c WHERE c.status IN (\'a\', "b") AND NOT IS_DEFINED(c.gone)',
  'SELECT TOP 5 c.id, c["a b"].d AS e FROM c JOIN w IN c.words WHERE (c.n BETWEEN 1 AND 2.5 OR w != null) ORDER BY c.n DESC, c.id',
  'SELECT c._rid, [{"item": c.k}] AS orderByItems FROM c WHERE (IS_DEFINED(c.k) AND (c.k < @after OR (c.k = @after AND c.id > @id))) AND (true) ORDER BY c.k DESC',
  'SELECT VALUE {"sum": SUM(c.a * (c.b + -1) % 3)} FROM c -- a comment',
  'SELECT ARRAY(SELECT VALUE w FROM w IN c.words WHERE STARTSWITH(w, @p)) AS found, c.x ?? "none" AS x, (c.y > 1 ? "a" : "b") AS y FROM c',
  'SELECT * FROM c WHERE EXISTS(SELECT VALUE w FROM w IN c.words WHERE CONTAINS(LOWER(w), "x" || @y)) AND c.flag = true',
];

/** All objects of a syntax tree, each as often as it is in the tree. */
function nodesIn(tree: unknown): readonly object[] {
  return typeof tree === 'object' && tree !== null ? [tree, ...Object.values(tree).flatMap(nodesIn)] : [];
}

interface ParserError extends Error {
  readonly location: unknown;
  readonly found: unknown;
  readonly expected: readonly unknown[];
}

function errorOf(parser: GeneratedParser, query: string): ParserError {
  try {
    parser.parse(query);
  } catch (error) {
    if (isParserError(error)) return error;
    throw error;
  }
  throw new Error(`The query has no error: ${query}`);
}

const isParserError = (error: unknown): error is ParserError => error instanceof Error && 'expected' in error;

describe('a parser that remembers results', () => {
  it.each(QUERIES)('builds the same tree, with no node in two places: %s', (query) => {
    const tree = memoized.parse(query);
    expect(tree).toEqual(original.parse(query));
    const nodes = nodesIn(tree);
    expect(new Set(nodes).size).toBe(nodes.length);
  });

  it.each([
    'SELECT',
    'SELECT * FROM c WHERE c.name LIKE "a%"',
    'SELECT * FROM c OFFSET 1 LIMIT 2',
    'SELECT * FROM c WHERE (c.a',
    'SELECT * FROM c WHERE (c.a = 1) AND',
  ])('throws an error at the same place, which expects nothing else: %s', (query) => {
    const [error, expected] = [errorOf(memoized, query), errorOf(original, query)];
    expect(error).toBeInstanceOf(memoized.SyntaxError);
    expect(error).toMatchObject({ name: 'SyntaxError', location: expected.location, found: expected.found });
    expect(expected.expected).toEqual(expect.arrayContaining([...error.expected]));
  });

  it('refuses a query with 30 nested parentheses, for which the original takes exponential time', () => {
    const nested = `${'('.repeat(30)}c.a = 1${')'.repeat(30)}`;
    const query = `SELECT * FROM c WHERE ${nested} AND`;
    expect(errorOf(memoized, query)).toMatchObject({
      name: 'SyntaxError',
      location: { start: { offset: query.length } },
    });
  });

  it('parses 30 nested parentheses, for which the original takes exponential time', () => {
    const query = (condition: string) => `SELECT * FROM c WHERE ${condition}`;
    const nested = `${'('.repeat(30)}c.a = 1${')'.repeat(30)}`;
    expect(memoized.parse(query(nested))).toEqual(memoized.parse(query('c.a = 1')));
  });
});
