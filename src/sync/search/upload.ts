import type { IndexDocumentsResult, SearchClient } from '@azure/search-documents';
import { type Backoff, backoffMs } from '../../shared/backoff.ts';
import type { Runtime } from '../../shared/runtime.ts';
import type { SearchDocument } from '../../shared/search/search-document.ts';
import { reportRetry } from '../../shared/telemetry/report-retry.ts';
import type { IndexChanges } from './index-records.ts';
import { SearchFault } from './search-fault.ts';

/**
 * Documents in a request. The service takes 1,000 or 16 MB
 * (https://learn.microsoft.com/azure/search/search-limits-quotas-capacity#api-request-limits), and a record has up to 150 KB.
 */
const MAX_DOCUMENTS = 100;
const MAX_ATTEMPTS = 4;
const BACKOFF: Backoff = { firstMs: 100, maxMs: 2_000 };
/** Time limit (ms) of a request. The SDK has none of its own. */
const REQUEST = { requestOptions: { timeout: 10_000 } };
/** Another upload of the same document is in progress; the index is updated; throttled; busy. */
const TRANSIENT_STATUSES = new Set([409, 422, 429, 503]);

type RetryRuntime = Pick<Runtime, 'delay' | 'random'>;

/** Uploads changes to an index, and again those that the service refuses for the moment. Throws SearchFault. */
export async function uploadChanges(
  client: Pick<SearchClient<SearchDocument>, 'uploadDocuments' | 'deleteDocuments'>,
  { uploads, deletes }: IndexChanges,
  runtime: RetryRuntime,
): Promise<void> {
  await inRequests(
    uploads,
    ({ key }) => key,
    (some) => client.uploadDocuments(some, REQUEST),
    runtime,
  );
  await inRequests(
    deletes,
    (key) => key,
    (some) => client.deleteDocuments('key', some, REQUEST),
    runtime,
  );
}

async function inRequests<Change>(
  changes: readonly Change[],
  keyOf: (change: Change) => string,
  send: (changes: Change[]) => Promise<IndexDocumentsResult>,
  runtime: RetryRuntime,
): Promise<void> {
  for (let start = 0; start < changes.length; start += MAX_DOCUMENTS) {
    let left = changes.slice(start, start + MAX_DOCUMENTS);
    for (let attempt = 1; left.length > 0; attempt++) {
      if (attempt > 1) await waitForRetry(attempt - 1, left.length, runtime);
      const refused = await refusedAmong(send(left));
      left = left.filter((change) => refused.has(keyOf(change)));
    }
  }
}

/** @param attempt the attempt in which the service refused documents for the moment */
async function waitForRetry(attempt: number, count: number, { delay, random }: RetryRuntime): Promise<void> {
  if (attempt === MAX_ATTEMPTS) throw new SearchFault(`Documents were refused ${attempt} times in a row.`);
  reportRetry({ component: 'search', reason: 'refused', count });
  await delay(backoffMs(attempt, BACKOFF, random));
}

/** The keys of the documents that the service refuses for the moment. Throws SearchFault when it refuses one for good. */
async function refusedAmong(request: Promise<IndexDocumentsResult>): Promise<ReadonlySet<string>> {
  const { results } = await request.catch((cause: unknown) => {
    throw new SearchFault('Azure AI Search cannot be reached, or refuses a request.', { cause });
  });
  const refused = results.filter(({ succeeded }) => !succeeded);
  const final = refused.find(({ statusCode }) => !TRANSIENT_STATUSES.has(statusCode));
  if (final !== undefined) throw new SearchFault(`A document was refused with status ${final.statusCode}.`);
  return new Set(refused.map(({ key }) => key));
}
