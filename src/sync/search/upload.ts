import type { IndexDocumentsResult, SearchClient } from '@azure/search-documents';
import { type Backoff, backoffMs } from '../../shared/backoff.ts';
import type { Runtime } from '../../shared/runtime.ts';
import { TIME_LIMIT } from '../../shared/search/open-search.ts';
import type { SearchDocument } from '../../shared/search/search-document.ts';
import { reportRetry } from '../../shared/telemetry/report-retry.ts';
import type { IndexChanges, Refusals } from './index-records.ts';
import { SearchFault } from './search-fault.ts';

/**
 * Documents in a request. The service takes 1,000 or 16 MB
 * (https://learn.microsoft.com/azure/search/search-limits-quotas-capacity#api-request-limits), and a record has up to 150 KB.
 */
const MAX_DOCUMENTS = 100;
const MAX_ATTEMPTS = 4;
const BACKOFF: Backoff = { firstMs: 100, maxMs: 2_000 };
/** Another upload of the same document is in progress; the index is updated; throttled; busy. */
const TRANSIENT_STATUSES = new Set([409, 422, 429, 503]);

type RetryRuntime = Pick<Runtime, 'delay' | 'random'>;

/**
 * Uploads changes to an index, and again those that the service refuses for the moment. Throws SearchFault.
 * @returns the documents that the service refuses for good: the status of each by its key
 */
export async function uploadChanges(
  client: Pick<SearchClient<SearchDocument>, 'uploadDocuments' | 'deleteDocuments'>,
  { uploads, deletes }: IndexChanges,
  runtime: RetryRuntime,
): Promise<Refusals> {
  const remove = (keys: string[]) => client.deleteDocuments('key', keys, TIME_LIMIT);
  const upload = (documents: SearchDocument[]) => client.uploadDocuments(documents, TIME_LIMIT);
  return new Map([
    ...(await inRequests(deletes, (key) => key, remove, runtime)),
    ...(await inRequests(uploads, ({ key }) => key, upload, runtime)),
  ]);
}

/** Returns the documents that the service refuses for good. */
async function inRequests<Change>(
  changes: readonly Change[],
  keyOf: (change: Change) => string,
  send: (changes: Change[]) => Promise<IndexDocumentsResult>,
  runtime: RetryRuntime,
): Promise<Refusals> {
  const refused = new Map<string, number>();
  for (let start = 0; start < changes.length; start += MAX_DOCUMENTS) {
    let left = changes.slice(start, start + MAX_DOCUMENTS);
    for (let attempt = 1; left.length > 0; attempt++) {
      if (attempt > 1) await waitForRetry(attempt - 1, left.length, runtime);
      const { again, forGood } = await outcomeOf(send(left));
      for (const { key, statusCode } of forGood) refused.set(key, statusCode);
      left = left.filter((change) => again.has(keyOf(change)));
    }
  }
  return refused;
}

/** @param attempt the attempt in which the service refused documents for the moment */
async function waitForRetry(attempt: number, count: number, { delay, random }: RetryRuntime): Promise<void> {
  if (attempt === MAX_ATTEMPTS) throw new SearchFault(`Documents were refused ${attempt} times in a row.`);
  reportRetry({ component: 'search', reason: 'refused', count });
  await delay(backoffMs(attempt, BACKOFF, random));
}

/** The keys of the documents that the service refuses for the moment, and the results of those that it refuses for good. */
async function outcomeOf(request: Promise<IndexDocumentsResult>) {
  const { results } = await request.catch((cause: unknown) => {
    throw new SearchFault('Azure AI Search cannot be reached, or refuses a request.', { cause });
  });
  const refused = results.filter(({ succeeded }) => !succeeded);
  const isTransient = ({ statusCode }: { readonly statusCode: number }) => TRANSIENT_STATUSES.has(statusCode);
  return {
    again: new Set(refused.filter(isTransient).map(({ key }) => key)),
    forGood: refused.filter((one) => !isTransient(one)),
  };
}
