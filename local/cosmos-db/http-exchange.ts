/** The wire: headers, bodies and answers. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

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
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (length === undefined && encoding === undefined) return undefined;
  const content = await contentOf(request);
  return content === '' ? undefined : JSON.parse(content);
}

/** Events cost a fraction of the stream's iterator. */
function contentOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => resolve(Buffer.concat(chunks).toString()));
    request.once('error', reject);
  });
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
