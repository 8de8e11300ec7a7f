import type { HttpResponseInit } from '@azure/functions';
import { Problem } from '../http/problem.ts';
import { commandCount, commandDuration, queryDuration } from './metrics.ts';

/** Measures a query: its duration, by name and by the status of its answer. */
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
 * Measures a command: a count and a duration, by its type and outcome.
 * @param outcomeOf the outcome of a command that was accepted; a rejection's outcome is its problem code
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
