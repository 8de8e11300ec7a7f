/** REST calls that reached the server: counted, not kept, so that it can run for days. */
import type { RestOperation } from './rest-call.ts';

export interface LoggedRequest {
  readonly operation: RestOperation;
  readonly index: string;
  /** HTTP status of the answer. */
  readonly status: number;
}

export class RequestLog {
  readonly #tallies = new Map<string, LoggedRequest & { readonly requests: number }>();

  record(request: LoggedRequest): void {
    const key = JSON.stringify([request.operation, request.index, request.status]);
    this.#tallies.set(key, { ...request, requests: (this.#tallies.get(key)?.requests ?? 0) + 1 });
  }

  /** The requests to which each member that is given is equal. */
  count({ operation, index, status }: Partial<LoggedRequest> = {}): number {
    return [...this.#tallies.values()]
      .filter((tally) => (operation ?? tally.operation) === tally.operation)
      .filter((tally) => (index ?? tally.index) === tally.index && (status ?? tally.status) === tally.status)
      .reduce((sum, { requests }) => sum + requests, 0);
  }

  reset(): void {
    this.#tallies.clear();
  }
}
