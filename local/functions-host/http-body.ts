import type { IncomingMessage } from 'node:http';
import { readAll } from '../request-body.ts';
import type { AppSettings } from './app-settings.ts';

/** The real host's limit: https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#limits */
const DEFAULT_MAX_BODY_BYTES = 104_857_600;

/**
 * Returns the maximum size of a request body in bytes. Like the real host, it ignores a setting that is not a number:
 * https://learn.microsoft.com/azure/azure-functions/functions-app-settings#functions_request_body_size_limit
 */
export function maxBodyBytes({ FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: limit = '' }: AppSettings): number {
  return /^\d+$/.test(limit) ? Number(limit) : DEFAULT_MAX_BODY_BYTES;
}

/**
 * Reads a request's body. Like the real host, it reads a body only if the request states its length: a chunked body is empty.
 * Returns `too-large`, without reading, when it exceeds `maxBytes`, and `aborted` when the client disconnected.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'too-large' | 'aborted'> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length === 0) return Buffer.alloc(0);
  if (length > maxBytes) return 'too-large';
  return readAll(request);
}
