/** REST calls that reached the server: counted, not kept, so that it can run for days. */
import type { RestOperation } from './rest-call.ts';

export interface LoggedRequest {
  readonly operation: RestOperation;
  /** Undefined for calls that belong to no hub. */
  readonly hub: string | undefined;
  /** HTTP status of the answer. */
  readonly status: number;
}

/** Each member that is given must be equal. */
export type RequestFilter = Partial<LoggedRequest>;

export class RequestLog {
  readonly #tallies = new Map<string, LoggedRequest & { readonly requests: number }>();

  record(request: LoggedRequest): void {
    const key = JSON.stringify([request.operation, request.hub, request.status]);
    this.#tallies.set(key, { ...request, requests: (this.#tallies.get(key)?.requests ?? 0) + 1 });
  }

  count(filter: RequestFilter = {}): number {
    return [...this.#tallies.values()]
      .filter((tally) => matches(tally, filter))
      .reduce((sum, { requests }) => sum + requests, 0);
  }

  reset(): void {
    this.#tallies.clear();
  }
}

function matches(tally: LoggedRequest, { operation, hub, status }: RequestFilter): boolean {
  return (
    (operation ?? tally.operation) === tally.operation &&
    (hub ?? tally.hub) === tally.hub &&
    (status ?? tally.status) === tally.status
  );
}
