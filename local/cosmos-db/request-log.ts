/** What reached the server: counted, not kept, so that it can run for days. */

export const itemOperations = [
  'Read',
  'Create',
  'Upsert',
  'Replace',
  'Patch',
  'Delete',
  'Query',
  'Bulk',
  'Batch',
] as const;
/** `Metadata` is everything but documents: the account, databases, containers, partition key ranges. */
export type CosmosOperation = (typeof itemOperations)[number] | 'Metadata';

export interface LoggedRequest {
  readonly operation: CosmosOperation;
  readonly container: string | undefined;
  /** The consistency level that the client asked for; undefined for the account's. */
  readonly consistency: string | undefined;
  /** HTTP status of the answer; 0 when the connection was cut instead. */
  readonly status: number;
  /** Operations inside a bulk or batch request, else 1. */
  readonly operations: number;
  readonly requestCharge: number;
}

/** Each member that is given must be equal. Without `operation`, metadata is left out. */
export type RequestFilter = Partial<Pick<LoggedRequest, 'operation' | 'container' | 'consistency' | 'status'>>;

export class RequestLog {
  readonly #tallies = new Map<string, LoggedRequest & { readonly requests: number }>();

  record(request: LoggedRequest): void {
    const key = JSON.stringify([request.operation, request.container, request.consistency, request.status]);
    const tally = this.#tallies.get(key);
    this.#tallies.set(key, {
      ...request,
      requests: (tally?.requests ?? 0) + 1,
      operations: (tally?.operations ?? 0) + request.operations,
      requestCharge: (tally?.requestCharge ?? 0) + request.requestCharge,
    });
  }

  /** Number of HTTP requests. */
  count(filter: RequestFilter = {}): number {
    return this.#sum(filter, (tally) => tally.requests);
  }

  /** Number of operations on documents: those inside a bulk or batch one by one. */
  operations(filter: RequestFilter = {}): number {
    return this.#sum(filter, (tally) => tally.operations);
  }

  /** Request units charged, as estimated. */
  requestCharge(filter: RequestFilter = {}): number {
    return this.#sum(filter, (tally) => tally.requestCharge);
  }

  reset(): void {
    this.#tallies.clear();
  }

  #sum(filter: RequestFilter, amount: (tally: LoggedRequest & { readonly requests: number }) => number): number {
    return [...this.#tallies.values()].filter((tally) => matches(tally, filter)).reduce((sum, t) => sum + amount(t), 0);
  }
}

function matches(tally: LoggedRequest, { operation, ...filter }: RequestFilter): boolean {
  if (operation === undefined ? tally.operation === 'Metadata' : tally.operation !== operation) return false;
  const { container = tally.container, consistency = tally.consistency, status = tally.status } = filter;
  return container === tally.container && consistency === tally.consistency && status === tally.status;
}
