/** The wire: headers, bodies and answers. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readAll } from '../request-body.ts';

export interface Answer {
  readonly status: number;
  readonly requestCharge: number;
  /** Sent as JSON; none for 204 and 304. */
  readonly body?: unknown;
  /** The body where it is JSON already. */
  readonly json?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The SDKs write `true` and `True`. */
export function isTrue(request: IncomingMessage, name: string): boolean {
  return header(request, name)?.toLowerCase() === 'true';
}

/**
 * @returns undefined without a body
 * @throws SyntaxError when the body is not JSON
 * @throws Error when the client disconnected
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (length === undefined && encoding === undefined) return undefined;
  const body = await readAll(request);
  if (body === 'aborted') throw new Error('The client disconnected before the end of the body.');
  return body.length === 0 ? undefined : JSON.parse(body.toString());
}

/** An error's body has a message: the SDK reads it without asking. */
export function problem(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, requestCharge: 1, body: { code: String(status), message }, headers };
}

export function send(response: ServerResponse, answer: Answer): void {
  const json = answer.json ?? JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    // Without it, Node sends the head and the body as chunks, which costs several times as much.
    ...(json === undefined ? {} : { 'content-length': Buffer.byteLength(json) }),
    'x-ms-activity-id': randomUUID(),
    'x-ms-request-charge': String(answer.requestCharge),
    ...answer.headers,
  });
  response.end(json);
}
