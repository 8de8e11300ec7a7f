import type { IncomingMessage } from 'node:http';

/** The real host's limit: https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#limits */
const MAX_BODY_BYTES = 104_857_600;

/**
 * Reads a request's body. Like the real host, it reads a body only if the request states its length: a chunked body is empty.
 * Returns `too-large` when it exceeds the host's limit, `aborted` when the client disconnected.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer | 'too-large' | 'aborted'> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length === 0) return Buffer.alloc(0);
  if (length > MAX_BODY_BYTES) return 'too-large';
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    return 'aborted';
  }
  return Buffer.concat(chunks);
}
