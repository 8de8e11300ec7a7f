import type { SearchClient, SearchIndexClient } from '@azure/search-documents';
import type { SearchConnection } from '../config/search.ts';
import { appCredential } from '../credential.ts';
import type { SearchDocument } from './search-document.ts';
import { tracedSearchClient } from './traced-search-client.ts';

/** A request is retried this often by the SDK, after a throttled or failed one. */
const RETRY_OPTIONS = { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 };

/** Time limit (ms) of a request, because the SDK has none: an option of each call. */
export const TIME_LIMIT = { requestOptions: { timeout: 10_000 } } as const;

/** The documents of an index. */
export type SearchDocuments = SearchClient<SearchDocument>;

/** Azure AI Search: https://learn.microsoft.com/azure/search/search-what-is-azure-search */
export interface SearchService {
  /** Creates, finds and deletes indexes. */
  readonly indexes: SearchIndexClient;
  documents(indexName: string): SearchDocuments;
}

/** Opens Azure AI Search. The SDK is in a file of its own, which is loaded at the first call. */
export function searchOpener(connection: SearchConnection): () => Promise<SearchService> {
  let opened: Promise<SearchService> | undefined;
  return () => {
    opened ??= open(connection);
    return opened;
  };
}

async function open({ endpoint, clientId, apiKey }: SearchConnection): Promise<SearchService> {
  const { AzureKeyCredential, SearchIndexClient } = await import('./search-sdk.ts');
  const credential = apiKey === undefined ? appCredential(clientId) : new AzureKeyCredential(apiKey);
  // Loopback only: the local stand-in has no TLS. Azure's endpoints are https.
  const allowInsecureConnection = apiKey !== undefined;
  const options = { retryOptions: RETRY_OPTIONS, allowInsecureConnection, httpClient: tracedSearchClient() };
  const indexes = new SearchIndexClient(endpoint, credential, options);
  const clients = new Map<string, SearchDocuments>();
  return {
    indexes,
    documents: (name) => {
      const known = clients.get(name) ?? indexes.getSearchClient<SearchDocument>(name, options);
      clients.set(name, known);
      return known;
    },
  };
}
