import type { HttpResponseInit } from '@azure/functions';
import { Problem } from '../http/problem.ts';
import type { Clock } from '../runtime.ts';
import { commandCount, commandDuration, queryDuration } from './metrics.ts';

/** Measures the duration of a query, by name and response status. */
export async function measureQuery(
  query: string,
  { monotonicMs }: Pick<Clock, 'monotonicMs'>,
  work: () => Promise<HttpResponseInit>,
): Promise<HttpResponseInit> {
  const startedAt = monotonicMs();
  const measure = (status: number) => queryDuration.record(monotonicMs() - startedAt, { query, status });
  try {
    const response = await work();
    measure(response.status ?? 200);
    return response;
  } catch (error) {
    measure(error instanceof Problem ? error.status : 500);
    throw error;
  }
}

/**
 * Measures a command: count and duration, by type and outcome.
 * @param outcomeOf maps the result of an accepted command to its outcome; the outcome of a rejection is its problem code
 */
export async function measureCommand<Result>(
  command: string,
  { monotonicMs }: Pick<Clock, 'monotonicMs'>,
  work: () => Promise<Result>,
  outcomeOf: (result: Result) => string = () => 'accepted',
): Promise<Result> {
  const startedAt = monotonicMs();
  const measure = (outcome: string) => {
    commandCount.add(1, { command, outcome });
    commandDuration.record(monotonicMs() - startedAt, { command, outcome });
  };
  try {
    const result = await work();
    measure(outcomeOf(result));
    return result;
  } catch (error) {
    measure(error instanceof Problem ? error.code : 'internal-error');
    throw error;
  }
}
