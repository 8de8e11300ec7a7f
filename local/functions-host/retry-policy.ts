import { setTimeout as sleep } from 'node:timers/promises';
import type { RetryContext, RetryOptions } from './core-types.ts';
import type { InvocationOutcome } from './invocation.ts';

/**
 * Invokes until an attempt succeeds, the function's retry policy is exhausted, or the host stops.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-error-pages#retry-policies
 * @param attempt runs one attempt. It receives the retry context from the second attempt on.
 * @param stopping ends the delay between attempts.
 * @returns `stopped` when the host stopped before the retries were exhausted. Then nothing may be checkpointed.
 */
export async function invokeWithRetries(
  policy: RetryOptions | undefined,
  stopping: AbortSignal,
  attempt: (retryContext: RetryContext | undefined) => Promise<InvocationOutcome>,
): Promise<'succeeded' | 'failed' | 'stopped'> {
  const maxRetryCount = policy?.maxRetryCount ?? 0;
  let retryContext: RetryContext | undefined;
  for (let retryCount = 1; ; retryCount++) {
    const outcome = await attempt(retryContext);
    if (outcome.ok) return 'succeeded';
    if (policy === undefined || (maxRetryCount >= 0 && retryCount > maxRetryCount)) return 'failed';
    const { message, stack = '' } = outcome.error;
    retryContext = { retryCount, maxRetryCount, exception: { message, source: '', stackTrace: stack } };
    await sleep(retryDelayMs(policy, retryCount), undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) return 'stopped';
  }
}

/** The delay before a retry (1, 2, …), in milliseconds. */
export function retryDelayMs(policy: RetryOptions, retryCount: number): number {
  if (policy.retryStrategy === 'fixedDelay') return (policy.delayInterval?.seconds ?? 0) * 1000;
  const minimum = policy.minimumInterval?.seconds ?? 0;
  const maximum = policy.maximumInterval?.seconds ?? minimum;
  return Math.min(minimum * 2 ** (retryCount - 1), maximum) * 1000;
}
