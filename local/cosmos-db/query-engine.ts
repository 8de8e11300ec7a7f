/** Loads the query engine with the first query: the engine needs Babel, which takes as long to load as the rest of the stand-in. */
import Module, { createRequire } from 'node:module';
import { type GeneratedParser, memoizeParser } from './memoized-parser.ts';

type QueryModule = typeof import('@zeit/cosmosdb-query', { with: { 'resolution-mode': 'require' }});

const require = createRequire(import.meta.url);
const path = require.resolve('@zeit/cosmosdb-query');
const PARSER = '@zeit/cosmosdb-query/lib/parser.js';
let engine: QueryModule | undefined;

/** Compiles Cosmos DB's SQL. */
export const parseQuery: QueryModule['default'] = (query) => load().default(query);

// @vercel/cosmosdb-server gets this when it requires the engine.
require.cache[path] ??= Object.assign(new Module(path), {
  loaded: true,
  exports: {
    __esModule: true,
    default: parseQuery,
    get SyntaxError() {
      return load().SyntaxError;
    },
  },
});

function load(): QueryModule {
  if (engine !== undefined) return engine;
  const parser: GeneratedParser = require(PARSER);
  memoizeParser(parser, require.resolve(PARSER));
  delete require.cache[path];
  const loaded: QueryModule = require(path);
  engine = loaded;
  return loaded;
}
