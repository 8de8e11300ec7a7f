import type { HttpResponseInit } from '@azure/functions';
import { Problem } from '../http/problem.ts';
import { commandCount, commandDuration, queryDuration } from './metrics.ts';

/** Measures the duration of a query, by name and response status. */
export async function measureQuery(query: string, work: () => Promise<HttpResponseInit>): Promise<HttpResponseInit> {
  const startedAt = performance.now();
  const measure = (status: number) => queryDuration.record(performance.now() - startedAt, { query, status });
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
  work: () => Promise<Result>,
  outcomeOf: (result: Result) => string = () => 'accepted',
): Promise<Result> {
  const startedAt = performance.now();
  const measure = (outcome: string) => {
    commandCount.add(1, { command, outcome });
    commandDuration.record(performance.now() - startedAt, { command, outcome });
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
