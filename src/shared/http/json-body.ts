import type { HttpRequest } from '@azure/functions';
import { isNestedDeeperThan } from './json-depth.ts';
import { lostInJson } from './lost-in-json.ts';
import { Problem, type ProblemCode } from './problem.ts';
import { invalid } from './validate.ts';

/** Maximum size of a request body in bytes (256 KB). An order of 500 lines takes about 30 KB. */
export const MAX_BODY_BYTES = 256 * 1024;

/**
 * Maximum nesting of arrays and objects in a request body. The deepest valid body has 4 levels. A body of nested brackets would
 * take several times as long to parse and to check as any other one of its size. RFC 8259, section 9, allows such a limit.
 */
const MAX_DEPTH = 32;

/** The problems with which a body is refused before its fields are checked. */
export const BODY_PROBLEMS: readonly ProblemCode[] = [
  'malformed-json',
  'length-required',
  'body-too-large',
  'unsupported-media-type',
];

/**
 * Reads a JSON body. An empty body is read as `{}`, because some commands need no data.
 * Throws Problem `body-too-large`, `length-required`, `unsupported-media-type`, `malformed-json` or `validation-failed`.
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
  requirePlainJson(request);
  return parseJson(bytes);
}

function requirePlainJson({ headers }: HttpRequest): void {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') throw new Problem('unsupported-media-type', COMPRESSED);
  if (/^application\/(\w[\w.-]*\+)?json\s*(;|$)/i.test(headers.get('content-type') ?? '')) return;
  throw new Problem(
    'unsupported-media-type',
    'Send the body as JSON with the header "Content-Type: application/json".',
  );
}

function parseJson(bytes: ArrayBuffer): unknown {
  const text = decode(bytes);
  if (isNestedDeeperThan(text, MAX_DEPTH)) throw new Problem('malformed-json', TOO_DEEP);
  const value = parse(text);
  const lost = lostInJson(text);
  if (lost === undefined) return value;
  if ('roundedNumber' in lost) throw invalid([{ path: lost.roundedNumber, message: ROUNDED }]);
  const shown = JSON.stringify(lost.duplicateKey.slice(0, MAX_SHOWN_KEY).toWellFormed());
  throw new Problem('malformed-json', `The body has the key ${shown} twice in one object: send each key once.`);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: ArrayBuffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw notParsed('it is not UTF-8');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notParsed(error instanceof Error ? error.message : String(error));
  }
}

const notParsed = (reason: string) => new Problem('malformed-json', `The body cannot be parsed as JSON: ${reason}.`);

/** Maximum characters of a key in a message. */
const MAX_SHOWN_KEY = 64;

const ROUNDED = 'must be a number that a double-precision value represents without rounding';

const TOO_DEEP = `The body has arrays and objects that are nested more than ${MAX_DEPTH} levels deep.`;

const COMPRESSED =
  'Compressed bodies are not supported: send the body as plain JSON, without the header Content-Encoding.';

const LENGTH_REQUIRED = 'Send the body with a Content-Length header: chunked request bodies are not supported.';

function tooLarge(): Problem {
  return new Problem('body-too-large', `The body is larger than ${MAX_BODY_BYTES} bytes. Send less data per request.`);
}
