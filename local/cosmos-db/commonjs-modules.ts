/**
 * CommonJS modules with an `exports.default`, which Node and Vitest hand to an `import` at different places; `require` gives the same
 * to both.
 */
import { createRequire } from 'node:module';
import './query-engine.ts'; // first, so that the modules below do not load the engine

type AccountModule = typeof import('@vercel/cosmosdb-server/lib/account/index.js', { with: {
  'resolution-mode': 'require',
}});
type RoutesModule = typeof import('@vercel/cosmosdb-server/lib/routes.js', { with: { 'resolution-mode': 'require' }});
type TokenModule = typeof import('@zeit/cosmosdb-query/lib/continuation-token.js', { with: {
  'resolution-mode': 'require',
}});
type TreeModule = typeof import('sorted-btree', { with: { 'resolution-mode': 'require' }});

const require = createRequire(import.meta.url);
const accountModule: AccountModule = require('@vercel/cosmosdb-server/lib/account/index.js');
const routesModule: RoutesModule = require('@vercel/cosmosdb-server/lib/routes.js');
const tokenModule: TokenModule = require('@zeit/cosmosdb-query/lib/continuation-token.js');
const treeModule: TreeModule = require('sorted-btree');

/** Databases and containers, in memory. */
export const Account = accountModule.default;
/** Finds the handler of a request: `[params, handler]`, undefined when there is none. */
export const route = routesModule.default;
/** Decodes a continuation token of a query. */
export const decodeToken = tokenModule.decode;
/** A map that is sorted by its keys. */
export const BTree = treeModule.default;
