import type { HttpRequest } from '@azure/functions';
import { Problem } from './problem.ts';

/** Maximum size of a request body in bytes (256 KB). An order of 500 lines takes about 30 KB. */
export const MAX_BODY_BYTES = 256 * 1024;

/**
 * Reads a JSON body. An empty body is read as `{}`, because some commands need no data.
 * Throws Problem `body-too-large`, `length-required`, `unsupported-media-type` or `malformed-json`.
 */
export async function readJsonBody(request: HttpRequest): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > MAX_BODY_BYTES) throw tooLarge();
  if (bytes.byteLength === 0) {
    // The Functions host reads a body only when the request says how long it is: a chunked body arrives empty.
    if (request.headers.has('transfer-encoding')) throw new Problem('length-required', LENGTH_REQUIRED);
    return {};
  }
  if (!/^application\/(\w[\w.-]*\+)?json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) {
    throw new Problem(
      'unsupported-media-type',
      'Send the body as JSON with the header "Content-Type: application/json".',
    );
  }
  return parseJson(bytes);
}

function parseJson(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'it is not UTF-8';
    throw new Problem('malformed-json', `The body cannot be parsed as JSON: ${reason}.`);
  }
}

const LENGTH_REQUIRED = 'Send the body with a Content-Length header: chunked request bodies are not supported.';

function tooLarge(): Problem {
  return new Problem('body-too-large', `The body is larger than ${MAX_BODY_BYTES} bytes. Send less data per request.`);
}
