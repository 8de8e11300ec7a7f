/** Which operation of the REST API a request calls: https://learn.microsoft.com/rest/api/searchservice/operation-groups */
import type { IncomingMessage } from 'node:http';

/** Method and path, with `*` for the index. The SDK writes `/indexes('name')`, people `/indexes/name`. */
const operations = {
  'POST /indexes': 'CreateIndex',
  'GET /indexes/*': 'GetIndex',
  'PUT /indexes/*': 'CreateOrUpdateIndex',
  'DELETE /indexes/*': 'DeleteIndex',
  'POST /indexes/*/docs/search.index': 'IndexDocuments',
  'POST /indexes/*/docs/index': 'IndexDocuments',
  'POST /indexes/*/docs/search.post.search': 'SearchDocuments',
  'POST /indexes/*/docs/search': 'SearchDocuments',
  'POST /indexes/*/docs/search.post.autocomplete': 'Autocomplete',
  'POST /indexes/*/docs/autocomplete': 'Autocomplete',
} as const;

/** The operations, by their names in the REST API; `Unknown` is what this stand-in does not answer. */
export type RestOperation = (typeof operations)[keyof typeof operations] | 'Unknown';

export interface RestCall {
  readonly operation: RestOperation;
  /** Empty for calls that belong to no index. */
  readonly index: string;
  readonly query: URLSearchParams;
}

const INDEX_PATH = /^\/indexes(?:\('(?<quoted>[^']+)'\)|\/(?<plain>[^/]+))(?<rest>\/.*)?$/;

export function restCall({ method, url = '/' }: IncomingMessage): RestCall {
  const { pathname, searchParams: query } = new URL(url, 'http://localhost');
  const path = decodeURIComponent(pathname);
  const { quoted, plain, rest = '' } = INDEX_PATH.exec(path)?.groups ?? {};
  const index = quoted ?? plain ?? '';
  const route = index === '' ? path : `/indexes/*${rest}`;
  const operation = new Map<string, RestOperation>(Object.entries(operations)).get(`${method} ${route}`) ?? 'Unknown';
  return { operation, index, query };
}
