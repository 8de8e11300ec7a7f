/** The wire: headers, bodies and answers. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Answer {
  readonly status: number;
  readonly requestCharge: number;
  /** Sent as JSON; none for 204 and 304. */
  readonly body?: unknown;
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
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const content = await text(request);
  return content === '' ? undefined : JSON.parse(content);
}

/** An error's body has a message: the SDK reads it without asking. */
export function problem(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, requestCharge: 1, body: { code: String(status), message }, headers };
}

export function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'x-ms-activity-id': randomUUID(),
    'x-ms-request-charge': String(answer.requestCharge),
    ...answer.headers,
  });
  response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
}
