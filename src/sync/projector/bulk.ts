import { setTimeout as delay } from 'node:timers/promises';
import type { Container, OperationInput, OperationResponse } from '@azure/cosmos';
import { type Backoff, backoffMs } from '../../shared/backoff.ts';

/** A fault that passes: the batch must come again. */
export class TransientFault extends Error {
  readonly code = 'transient-fault';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TransientFault';
  }
}

/** Most operations of one bulk request (https://learn.microsoft.com/rest/api/cosmos-db/). */
const MAX_OPERATIONS = 100;
/** Request timeout, gone (a partition was split), throttled, retry with, server error, service unavailable. */
const TRANSIENT_STATUSES = new Set([408, 410, 429, 449, 500, 503]);
/** Content too large: of a write, the document; of a bulk read, the answers together, so that the rest is asked for again. */
const TOO_LARGE = 413;
const MAX_TRIES = 6;
/** No try begins later than this (ms): in an outage the SDK itself takes 10 s over one. */
const MAX_RETRY_MS = 10_000;
/** For responses that do not say how long to wait. */
const BACKOFF: Backoff = { firstMs: 50, maxMs: 2_000 };

/**
 * Runs operations in as few requests as possible, and those again that were throttled or met a passing fault, after the time
 * that the server asks for. (`Items.executeBulkOperations` would do so too, but takes a second for every call, however small.)
 * Returns one response per operation, in order. Throws TransientFault when the fault does not pass in time.
 */
export async function runBulk(
  container: Container,
  operations: readonly OperationInput[],
): Promise<readonly OperationResponse[]> {
  const responses: OperationResponse[] = [];
  for (let start = 0; start < operations.length; start += MAX_OPERATIONS) {
    responses.push(...(await runRequest(container, operations.slice(start, start + MAX_OPERATIONS))));
  }
  return responses;
}

async function runRequest(
  container: Container,
  operations: readonly OperationInput[],
): Promise<readonly OperationResponse[]> {
  const startedAt = Date.now();
  const settled = new Map<OperationInput, OperationResponse>();
  for (let attempt = 1; ; attempt++) {
    const pending = operations.filter((operation) => !settled.has(operation));
    const answer = await answerOf(container.items.bulk([...pending], { continueOnError: true }));
    if (isTooLarge(answer)) return oneByOne(container, operations);
    for (const [operation, response] of settledAmong(pending, answer.responses)) settled.set(operation, response);
    if (settled.size === operations.length) return operations.flatMap((operation) => settled.get(operation) ?? []);
    await waitForNextTry(container, { attempt, startedAt }, answer);
  }
}

/**
 * Runs operations on one logical partition: all of them or none (at most 100, 2 MB). Tried again like those of a bulk.
 * Returns one response per operation; when one failed, the others have status 424. Throws TransientFault.
 */
export async function runBatch(
  container: Container,
  operations: readonly OperationInput[],
  partitionKey: string,
): Promise<readonly OperationResponse[]> {
  const startedAt = Date.now();
  for (let attempt = 1; ; attempt++) {
    // Copies: the SDK rewrites the operations that it is given.
    const copies = operations.map((operation) => ({ ...operation }));
    const answer = await answerOf(container.items.batch(copies, partitionKey).then(({ result }) => result ?? []));
    if (answer.responses.length > 0 && !answer.responses.some(isTransient)) return answer.responses;
    await waitForNextTry(container, { attempt, startedAt }, answer);
  }
}

interface Answer {
  readonly responses: readonly OperationResponse[];
  /** Why the request failed as a whole; no operation has a response then. */
  readonly cause?: unknown;
}

async function answerOf(request: Promise<readonly OperationResponse[]>): Promise<Answer> {
  try {
    return { responses: await request };
  } catch (cause) {
    return { responses: [], cause };
  }
}

async function waitForNextTry(
  container: Container,
  { attempt, startedAt }: { readonly attempt: number; readonly startedAt: number },
  { responses, cause }: Answer,
): Promise<void> {
  if (attempt === MAX_TRIES || Date.now() - startedAt > MAX_RETRY_MS) {
    throw new TransientFault(`Requests to ${container.id} failed ${attempt} times in a row.`, { cause });
  }
  await delay(Math.max(backoffMs(attempt, BACKOFF), ...responses.filter(isTransient).map(retryAfter)));
}

/** Operations whose response is final. */
function settledAmong(operations: readonly OperationInput[], responses: readonly OperationResponse[]) {
  return operations.flatMap((operation, index) => {
    const response = responses[index];
    const isAnswered = response !== undefined && !isTransient(response) && !isLeftOut(operation, response);
    return isAnswered ? [[operation, response] as const] : [];
  });
}

/** A read that did not fit into the answer. */
const isLeftOut = ({ operationType }: OperationInput, { statusCode }: OperationResponse) =>
  operationType === 'Read' && statusCode === TOO_LARGE;

/** The service refused the request as a whole for its size. */
const isTooLarge = ({ cause }: Answer): boolean =>
  cause instanceof Error &&
  typeof cause.cause === 'object' &&
  cause.cause !== null &&
  Reflect.get(cause.cause, 'code') === TOO_LARGE;

/** Each operation in a request of its own, so that the one that is too large is alone in being refused. */
async function oneByOne(
  container: Container,
  operations: readonly OperationInput[],
): Promise<readonly OperationResponse[]> {
  if (operations.length === 1) return [{ statusCode: TOO_LARGE, requestCharge: 0 }];
  const responses: OperationResponse[] = [];
  for (const operation of operations) responses.push(...(await runRequest(container, [operation])));
  return responses;
}

const isTransient = ({ statusCode }: OperationResponse) => TRANSIENT_STATUSES.has(statusCode);

/** Milliseconds that the server asks to wait; the SDK passes the field on without naming it in its types. */
function retryAfter(response: OperationResponse): number {
  return 'retryAfterMilliseconds' in response ? Number(response.retryAfterMilliseconds) || 0 : 0;
}
