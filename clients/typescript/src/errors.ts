import type { components } from './generated/schema.ts';

/** Problem details (RFC 9457), as the API returns them. */
export type Problem = components['schemas']['Problem'];

/** All problem codes. */
export type ProblemCode = Problem['code'];

/** The API refused a request. A compiler-checked `switch` on `code` tells the reasons apart; {@link isProblem} checks for one of them. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** Undefined when the response is not a problem, because something in front of the API answered, such as a proxy. */
  readonly problem: Problem | undefined;
  readonly headers: Headers;

  constructor({ status, headers }: Response, problem: Problem | undefined) {
    super(problem === undefined ? `The response has the status ${status}.` : problem.detail);
    this.status = status;
    this.headers = headers;
    this.problem = problem;
  }

  get code(): ProblemCode | undefined {
    return this.problem?.code;
  }

  /** `Retry-After` in milliseconds from now: seconds, or an HTTP date (RFC 9110, 10.2.3). Undefined when it is absent or invalid. */
  get retryAfterMs(): number | undefined {
    const value = this.headers.get('retry-after');
    if (value === null) return undefined;
    const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
    return Number.isNaN(wait) ? undefined : Math.max(0, wait);
  }
}

/** There was no complete response. The message is the reason. Whether the API executed the request is unknown. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** The token function failed, or returned no token within the time limit of an attempt. The message is the reason, `cause` the error. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

/** Whether an error is a problem with one of these codes, or with any code when none is given. */
export function isProblem<Code extends ProblemCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is ApiError & { readonly code: Code; readonly problem: Problem } {
  if (!(error instanceof ApiError) || error.code === undefined) return false;
  const { code } = error;
  return codes.length === 0 || codes.some((each) => each === code);
}

/**
 * Whether the same request may succeed later: after 429, 503 (but not `report-unavailable`), 409 `concurrent-update`, a fault of the
 * connection, or a 502 or 504 of a proxy that could not reach the API.
 */
export function isTransient(error: unknown): error is ApiError | ConnectionError {
  if (error instanceof ConnectionError || isProblem(error, 'concurrent-update')) return true;
  if (!(error instanceof ApiError)) return false;
  const { status, code } = error;
  if (status === 503) return code !== 'report-unavailable'; // no data lake is configured
  return status === 429 || (code === undefined && (status === 502 || status === 504));
}

/** Reads the body of a response that is not successful. */
export async function toApiError(response: Response): Promise<ApiError> {
  return new ApiError(response, parseProblem(await response.text()));
}

function parseProblem(text: string): Problem | undefined {
  try {
    const body: Problem | null = JSON.parse(text);
    return typeof body?.code === 'string' ? body : undefined;
  } catch {
    return undefined;
  }
}
