import { Agent, type ClientRequest, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { sendStatus } from './http-messages.ts';

/**
 * How long (ms) neither side may send anything: the real host's. A function that throws, or returns nothing, sends nothing.
 * https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.Grpc/Server/DefaultHttpProxyService.cs
 */
const ACTIVITY_TIMEOUT_MS = 240_000;

/** Headers of one connection (RFC 9110, section 7.6.1). `transfer-encoding` stays, for it tells that there is a body. */
const CONNECTION_HEADERS = ['connection', 'keep-alive', 'proxy-authenticate', 'proxy-connection', 'te', 'upgrade'];

/** A connection for each request: one that is kept may be closed by the app just when the next request is written to it. */
const agent = new Agent({ keepAlive: false });

/** Where and under which invocation a request is forwarded. */
export interface Forwarding {
  /** The address that the app's library reported as its capability HttpUri. */
  readonly httpUri: URL;
  readonly url: URL;
  readonly invocationId: string;
  /** Cuts an answer that has begun, as when the host stops. */
  readonly cut: AbortSignal;
  /** In milliseconds; the real host's unless given. */
  readonly activityTimeoutMs?: number;
}

class Inactive extends Error {}

/**
 * Forwards a request to the app's own HTTP server and its answer back, both as they come. Nothing for too long is 504, an app
 * that cannot be reached 502; once the answer has begun its connection is cut instead. A client that goes away ends the
 * connection to the app. Resolves when the answer has ended, however it did.
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
    await sendAnswer(await answered.promise, response, forwarding.cut);
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

async function sendAnswer(answer: IncomingMessage, response: ServerResponse, cut: AbortSignal): Promise<void> {
  for (const [name, values = []] of Object.entries(answer.headersDistinct)) {
    if (!CONNECTION_HEADERS.includes(name)) response.setHeader(name, values);
  }
  response.writeHead(answer.statusCode ?? 502).flushHeaders();
  await pipeline(answer, response, { signal: cut });
}
