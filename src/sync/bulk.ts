import { setTimeout as delay } from 'node:timers/promises';
import type { Container, OperationInput, OperationResponse } from '@azure/cosmos';

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
/** Request timeout, throttled, retry with, server error, service unavailable. */
const TRANSIENT_STATUSES = new Set([408, 429, 449, 500, 503]);
const MAX_TRIES = 6;
/** First wait (ms) where the server does not say how long; doubled at each try. */
const BASE_DELAY_MS = 50;
const MAX_DELAY_MS = 2_000;

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
  const settled = new Map<OperationInput, OperationResponse>();
  for (let attempt = 1; ; attempt++) {
    const pending = operations.filter((operation) => !settled.has(operation));
    const { responses, cause } = await send(container, pending);
    for (const [operation, response] of settledAmong(pending, responses)) settled.set(operation, response);
    if (settled.size === operations.length) return operations.flatMap((operation) => settled.get(operation) ?? []);
    if (attempt === MAX_TRIES) {
      const left = operations.length - settled.size;
      throw new TransientFault(`${left} operations on ${container.id} failed ${MAX_TRIES} times`, { cause });
    }
    await delay(Math.max(backoff(attempt), ...responses.filter(isTransient).map(retryAfter)));
  }
}

/** Operations whose response is final. */
function settledAmong(operations: readonly OperationInput[], responses: readonly OperationResponse[]) {
  return operations.flatMap((operation, index) => {
    const response = responses[index];
    return response === undefined || isTransient(response) ? [] : [[operation, response] as const];
  });
}

const isTransient = ({ statusCode }: OperationResponse) => TRANSIENT_STATUSES.has(statusCode);

/** Milliseconds before the next try, with jitter so that throttled callers do not come back together. */
function backoff(attempt: number): number {
  return Math.min(BASE_DELAY_MS * 2 ** (attempt - 1), MAX_DELAY_MS) * (0.5 + Math.random() / 2);
}

/** One request. Where it fails as a whole, no operation has a response. */
async function send(
  container: Container,
  operations: readonly OperationInput[],
): Promise<{ readonly responses: readonly OperationResponse[]; readonly cause?: unknown }> {
  try {
    return { responses: await container.items.bulk([...operations], { continueOnError: true }) };
  } catch (cause) {
    return { responses: [], cause };
  }
}

/** Milliseconds that the server asks to wait; the SDK passes the field on without naming it in its types. */
function retryAfter(response: OperationResponse): number {
  return 'retryAfterMilliseconds' in response ? Number(response.retryAfterMilliseconds) || 0 : 0;
}
