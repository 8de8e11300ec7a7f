import { ApiError, ConnectionError } from 'cqrs-orders-client';

/** The header that ties a command to its events, logs and traces. */
export const CORRELATION_ID = 'x-correlation-id';

/** Why something failed, for people. */
export interface Failure {
  readonly title: string;
  readonly detail: string;
  readonly fields: readonly { readonly path: string; readonly message: string }[];
  readonly code: string | undefined;
  readonly correlationId: string | undefined;
}

/** @param sent the correlation id of the request, for a failure that has no response */
export function toFailure(error: unknown, sent?: string): Failure {
  if (error instanceof ApiError) {
    const { problem, headers, status } = error;
    return {
      title: problem?.title ?? `The API answered with the status ${status}`,
      detail: problem?.detail ?? error.message,
      fields: (problem?.errors ?? []).filter(({ path }) => path !== ''),
      code: problem?.code,
      correlationId: headers.get(CORRELATION_ID) ?? sent,
    };
  }
  const detail = error instanceof Error ? error.message : String(error);
  const title = error instanceof ConnectionError ? 'The API cannot be reached' : 'Something went wrong in this page';
  return { title, detail, fields: [], code: undefined, correlationId: sent };
}

export const isAborted = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';
