import { Agent, type ClientRequest, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { sendStatus } from './http-messages.ts';

/**
 * The real host's limit (ms) for a connection on which neither side sends anything. A function that throws or returns nothing
 * reaches it, because the library then sends no response.
 * https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.Grpc/Server/DefaultHttpProxyService.cs
 */
const ACTIVITY_TIMEOUT_MS = 240_000;

/** Headers of one connection (RFC 9110, section 7.6.1). `transfer-encoding` is forwarded, because it announces a body. */
const CONNECTION_HEADERS = ['connection', 'keep-alive', 'proxy-authenticate', 'proxy-connection', 'te', 'upgrade'];

/** One connection per request: the app may close a reused connection just as the next request is written to it. */
const agent = new Agent({ keepAlive: false });

/** Where a request is forwarded to, and for which invocation. */
export interface Forwarding {
  /** The URL that the app's library reported as its capability `HttpUri`. */
  readonly httpUri: URL;
  readonly url: URL;
  readonly invocationId: string;
  /** Closes the connection to the client, even in the middle of a response. */
  readonly closeStreams: AbortSignal;
  /** In milliseconds. Default: the real host's limit. */
  readonly activityTimeoutMs?: number;
}

class Inactive extends Error {}

/**
 * Streams a request to the app's own HTTP server and the response back. Sends 504 after too much inactivity and 502 when the app
 * cannot be reached; once the response has started, closes the connection instead. When the client disconnects, closes the
 * connection to the app. Resolves when the response has ended, successfully or not.
 */
export async function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  forwarding: Forwarding,
): Promise<void> {
  const forwarded = startForwarding(request, forwarding);
  const answered = Promise.withResolvers<IncomingMessage>();
  forwarded.once('response', answered.resolve).on('error', answered.reject);
  response.once('close', () => forwarded.destroy());
  request.pipe(forwarded);
  try {
    await sendAnswer(await answered.promise, response, forwarding.closeStreams);
  } catch (error) {
    if (response.headersSent || response.destroyed) response.destroy();
    else sendStatus(response, error instanceof Inactive ? 504 : 502);
  }
}

function startForwarding(request: IncomingMessage, { httpUri, url, invocationId, ...rest }: Forwarding): ClientRequest {
  const forwarded = send(new URL(url.pathname + url.search, httpUri), {
    agent,
    method: request.method ?? 'GET',
    headers: {
      ...Object.fromEntries(Object.entries(request.headers).filter(([name]) => !CONNECTION_HEADERS.includes(name))),
      'x-ms-invocation-id': invocationId,
      'x-forwarded-host': url.host,
      'x-forwarded-proto': url.protocol.replace(':', ''),
    },
  });
  const timeoutMs = rest.activityTimeoutMs ?? ACTIVITY_TIMEOUT_MS;
  return forwarded.setTimeout(timeoutMs, () =>
    forwarded.destroy(new Inactive(`Nothing was sent for ${timeoutMs} ms.`)),
  );
}

async function sendAnswer(answer: IncomingMessage, response: ServerResponse, closeStreams: AbortSignal): Promise<void> {
  for (const [name, values = []] of Object.entries(answer.headersDistinct)) {
    if (!CONNECTION_HEADERS.includes(name)) response.setHeader(name, values);
  }
  response.writeHead(answer.statusCode ?? 502).flushHeaders();
  await pipeline(answer, response, { signal: closeStreams });
}
