/** What a REST call is answered with. */
import type { ServerResponse } from 'node:http';

export interface RestAnswer {
  readonly status: number;
  /** Sent as JSON. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is refused, with a message for people. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
  }
}

/** Refuses a request that is wrong, or that this stand-in does not support. */
export const badRequest = (message: string): Refusal => new Refusal(400, message);

/** https://learn.microsoft.com/rest/api/searchservice/http-status-codes */
export function errorAnswer(status: number, message: string): RestAnswer {
  return { status, body: { error: { code: '', message } } };
}

export function sendAnswer(response: ServerResponse, { status, body, headers }: RestAnswer): void {
  response.writeHead(status, { ...(body && { 'content-type': 'application/json; charset=utf-8' }), ...headers });
  response.end(body && JSON.stringify(body));
}
