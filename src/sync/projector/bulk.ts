import type { Container, OperationInput, OperationResponse, RequestOptions } from '@azure/cosmos';
import { type Backoff, backoffMs } from '../../shared/backoff.ts';
import type { Runtime } from '../../shared/runtime.ts';
import { reportRetry } from '../../shared/telemetry/report-retry.ts';

/** A transient fault: the batch must be redelivered. */
export class TransientFault extends Error {
  readonly code = 'transient-fault';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TransientFault';
  }
}

/** Maximum operations per bulk request (https://learn.microsoft.com/rest/api/cosmos-db/). */
const MAX_OPERATIONS = 100;
/** Request timeout, gone (a partition was split), throttled, retry with, server error, service unavailable. */
const TRANSIENT_STATUSES = new Set([408, 410, 429, 449, 500, 503]);
const THROTTLED = 429;
/** Content too large. For a write: the document. For a read in a bulk request: all results together, so that the rest is read again. */
const TOO_LARGE = 413;
const MAX_ATTEMPTS = 6;
/** No attempt starts later than this (ms): in an outage, one attempt takes up to 10 s in the SDK. */
const MAX_RETRY_MS = 10_000;
/** For responses without a retry delay. */
const BACKOFF: Backoff = { firstMs: 50, maxMs: 2_000 };

/** What retries need. */
type RetryRuntime = Pick<Runtime, 'now' | 'delay' | 'random'>;

/**
 * Runs operations in as few requests as possible. Retries operations that were throttled or failed with a transient fault, after the
 * delay that the server requests. (`Items.executeBulkOperations` does so too, but takes at least a second per call.)
 * Returns one response per operation, in order. Throws TransientFault when the retries are used up.
 */
export async function runBulk(
  container: Container,
  operations: readonly OperationInput[],
  runtime: RetryRuntime,
): Promise<readonly OperationResponse[]> {
  const responses: OperationResponse[] = [];
  for (let start = 0; start < operations.length; start += MAX_OPERATIONS) {
    responses.push(...(await runRequest(container, operations.slice(start, start + MAX_OPERATIONS), runtime)));
  }
  return responses;
}

async function runRequest(
  container: Container,
  operations: readonly OperationInput[],
  runtime: RetryRuntime,
): Promise<readonly OperationResponse[]> {
  const settled = new Map<OperationInput, OperationResponse>();
  let startedAt = runtime.now();
  for (let attempt = 1; ; attempt++) {
    const pending = operations.filter((operation) => !settled.has(operation));
    const answer = await answerOf(container.items.bulk([...pending], { continueOnError: true }, optionsOf(pending)));
    if (isTooLarge(answer)) return oneByOne(container, operations, runtime);
    for (const [operation, response] of settledAmong(pending, answer.responses)) settled.set(operation, response);
    if (settled.size === operations.length) return operations.flatMap((operation) => settled.get(operation) ?? []);
    if (isFull(pending, answer)) {
      // Not a failure: the next request reads more, and has all attempts again.
      attempt = 0;
      startedAt = runtime.now();
    } else await waitForRetry({ container, attempt, startedAt }, answer, runtime);
  }
}

/**
 * Runs operations on one logical partition as a transactional batch: all or none (at most 100 operations, 2 MB). Retries like
 * `runBulk`. Returns one response per operation; when one failed, the others have status 424. Throws TransientFault.
 */
export async function runBatch(
  container: Container,
  {
    operations,
    partitionKey,
  }: { readonly operations: readonly OperationInput[]; readonly partitionKey: string | string[] },
  runtime: RetryRuntime,
): Promise<readonly OperationResponse[]> {
  const startedAt = runtime.now();
  for (let attempt = 1; ; attempt++) {
    // Copies, because the SDK modifies the operations that it receives.
    const copies = operations.map((operation) => ({ ...operation }));
    const answer = await answerOf(
      container.items.batch(copies, partitionKey, optionsOf(copies)).then(({ result }) => result ?? []),
    );
    if (answer.responses.length > 0 && !answer.responses.some(isTransient)) return answer.responses;
    await waitForRetry({ container, attempt, startedAt }, answer, runtime);
  }
}

/** Writes are answered without their documents, which nobody reads. */
const optionsOf = (operations: readonly OperationInput[]): RequestOptions =>
  operations.some(({ operationType }) => operationType === 'Read') ? {} : { contentResponseOnWriteEnabled: false };

interface Answer {
  readonly responses: readonly OperationResponse[];
  /** The error when the whole request failed, so that no operation has a response. */
  readonly cause?: unknown;
}

async function answerOf(request: Promise<readonly OperationResponse[]>): Promise<Answer> {
  try {
    return { responses: await request };
  } catch (cause) {
    return { responses: [], cause };
  }
}

async function waitForRetry(
  {
    container,
    attempt,
    startedAt,
  }: { readonly container: Container; readonly attempt: number; readonly startedAt: number },
  { responses, cause }: Answer,
  { now, delay, random }: RetryRuntime,
): Promise<void> {
  if (attempt === MAX_ATTEMPTS || now() - startedAt > MAX_RETRY_MS) {
    throw new TransientFault(`Requests to ${container.id} failed ${attempt} times in a row.`, { cause });
  }
  const reason = responses.some(({ statusCode }) => statusCode === THROTTLED) ? 'throttled' : 'transient-fault';
  reportRetry({ component: 'read-database', reason, count: 1 });
  await delay(Math.max(backoffMs(attempt, BACKOFF, random), ...responses.filter(isTransient).map(retryAfter)));
}

/** Operations whose response is final. */
function settledAmong(operations: readonly OperationInput[], responses: readonly OperationResponse[]) {
  return operations.flatMap((operation, index) => {
    const response = responses[index];
    const isAnswered = response !== undefined && !isTransient(response) && !isOmittedRead(operation, response);
    return isAnswered ? [[operation, response] as const] : [];
  });
}

/** A read whose result did not fit into the response. */
const isOmittedRead = ({ operationType }: OperationInput, { statusCode }: OperationResponse) =>
  operationType === 'Read' && statusCode === TOO_LARGE;

/** The response has as many results as fit into it, and lacks only those of the omitted reads. */
const isFull = (operations: readonly OperationInput[], { responses }: Answer): boolean =>
  responses.length === operations.length &&
  !responses.some(isTransient) &&
  operations.some((operation, index) => responses[index] && !isOmittedRead(operation, responses[index]));

/** The service rejected the whole request for its size. */
const isTooLarge = ({ cause }: Answer): boolean =>
  cause instanceof Error &&
  typeof cause.cause === 'object' &&
  cause.cause !== null &&
  Reflect.get(cause.cause, 'code') === TOO_LARGE;

/** Runs each operation in its own request, so that only those that are too large are rejected. */
async function oneByOne(
  container: Container,
  operations: readonly OperationInput[],
  runtime: RetryRuntime,
): Promise<readonly OperationResponse[]> {
  if (operations.length === 1) return [{ statusCode: TOO_LARGE, requestCharge: 0 }];
  const responses: OperationResponse[] = [];
  for (const operation of operations) responses.push(...(await runRequest(container, [operation], runtime)));
  return responses;
}

const isTransient = ({ statusCode }: OperationResponse) => TRANSIENT_STATUSES.has(statusCode);

/** The retry delay in milliseconds that the server requests. The SDK's types lack this field. */
function retryAfter(response: OperationResponse): number {
  return 'retryAfterMilliseconds' in response ? Number(response.retryAfterMilliseconds) || 0 : 0;
}
