import type { IncomingMessage } from 'node:http';

/** The real host's limit: https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#limits */
export const MAX_BODY_BYTES = 104_857_600;

/** Whether the request's Content-Length exceeds the host's limit. */
export function isTooLarge(request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES;
}

/** Reads a request's body. Returns `too-large` when it exceeds the host's limit, `aborted` when the client disconnected. */
export async function readBody(request: IncomingMessage): Promise<Buffer | 'too-large' | 'aborted'> {
  if (isTooLarge(request)) return 'too-large';
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) return 'too-large';
      chunks.push(chunk);
    }
  } catch {
    return 'aborted';
  }
  return Buffer.concat(chunks, size);
}
