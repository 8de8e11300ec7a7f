import { z } from 'zod';

/** A request without an answer for this long counts as a dropped connection, in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON, or undefined when it is none. */
  readonly body: unknown;
  /** From sending to the end of the body, of the attempt that got this answer. */
  readonly milliseconds: number;
}

/** One attempt: its answer, or why the connection gave none. */
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

/** `fetch` says `fetch failed` of every fault of a connection and gives the reason as its cause. */
function connectionFault(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'TimeoutError') return `no answer for ${REQUEST_TIMEOUT_MS / 1000} s`;
  const { cause } = error;
  if (!(cause instanceof Error)) return undefined;
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}

const problemSchema = z.object({ code: z.string(), detail: z.string().optional() });

/** Code and sentence of an answer that is an error; made from the status when it is no problem document. */
export function problemOf(answer: Answer): { readonly code: string; readonly detail: string } {
  const problem = problemSchema.safeParse(answer.body);
  if (!problem.success) return { code: `status ${answer.status}`, detail: 'the answer says no more' };
  return { code: problem.data.code, detail: problem.data.detail ?? 'the answer says no more' };
}

/** Retry-After as milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3); undefined when there is none. */
export function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
