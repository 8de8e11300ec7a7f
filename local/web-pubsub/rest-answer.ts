/** What a REST call is answered with. */
import type { ServerResponse } from 'node:http';

export interface RestAnswer {
  readonly status: number;
  /** Sent as JSON. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * An error with the shape of ErrorDetail:
 * https://learn.microsoft.com/rest/api/webpubsub/dataplane/web-pub-sub/send-to-group#errordetail
 */
export function errorAnswer(status: number, code: string, message: string): RestAnswer {
  return { status, body: { code, message }, headers: { 'x-ms-error-code': code } };
}

export function badRequest(message: string): RestAnswer {
  return errorAnswer(400, 'Error.BadRequest', message);
}

export function sendAnswer(response: ServerResponse, { status, body, headers }: RestAnswer): void {
  response.writeHead(status, { ...(body && { 'content-type': 'application/json' }), ...headers });
  response.end(body && JSON.stringify(body));
}
