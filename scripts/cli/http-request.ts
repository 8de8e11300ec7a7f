import { z } from 'zod';

/** A request without a response for this long (ms) counts as a dropped connection. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON, or undefined when the body is not JSON. */
  readonly body: unknown;
  /** Duration of the successful attempt, from sending the request to the end of the body. */
  readonly milliseconds: number;
}

/** Makes one attempt. Returns the response, or the reason why the connection failed. */
export async function request(
  url: string,
  init: RequestInit,
  cancel: readonly AbortSignal[],
): Promise<Answer | string> {
  const started = performance.now();
  try {
    const signal = AbortSignal.any([...cancel, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    const text = await response.text();
    const milliseconds = performance.now() - started;
    return { status: response.status, headers: response.headers, body: parseJson(text), milliseconds };
  } catch (error) {
    const reason = connectionFault(error);
    if (reason === undefined) throw error;
    return reason;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** For every connection failure, `fetch` throws `fetch failed` and gives the reason as its cause. */
function connectionFault(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'TimeoutError') return `no response for ${REQUEST_TIMEOUT_MS / 1000} s`;
  const { cause } = error;
  if (!(cause instanceof Error)) return undefined;
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}

const NO_DETAIL = 'the response has no details';

const problemSchema = z.object({ code: z.string(), detail: z.string().optional() });

/** Returns code and detail of an error response. Derives them from the status when the body is not a problem document. */
export function problemOf(answer: Answer): { readonly code: string; readonly detail: string } {
  const problem = problemSchema.safeParse(answer.body);
  if (!problem.success) return { code: `status ${answer.status}`, detail: NO_DETAIL };
  return { code: problem.data.code, detail: problem.data.detail ?? NO_DETAIL };
}

/** Returns Retry-After (seconds or an HTTP date, RFC 9110, 10.2.3) in milliseconds. Undefined when absent or invalid. */
export function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
