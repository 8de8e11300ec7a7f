import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { apiDescription, type PublishedOperation, publishedOperations } from './open-api.ts';

/** An answer of the API. */
export interface ReceivedAnswer {
  readonly method: string;
  /** Relative to /api, with or without a query string. */
  readonly path: string;
  readonly status: number;
  /** The header Content-Type; null when there is none. */
  readonly contentType: string | null;
  /** The body as text. */
  readonly text: string;
}

/** Compiling takes an eighth of the CPU time when the code is not optimized, and references are not replaced by copies of the schema. */
const COMPILED_QUICKLY = { code: { optimize: false }, inlineRefs: false };

const ajv = new Ajv2020({ strict: false, allErrors: true, ...COMPILED_QUICKLY });
addFormats.default(ajv);
ajv.addFormat('idn-email', true);
ajv.addSchema(apiDescription, 'openapi.json');

const parametersIn = ({ path }: PublishedOperation) => path.split('{').length;

/** Operations by the specificity of their paths: `/orders/quote` before `/orders/{orderId}`. */
const bySpecificity = publishedOperations
  .map((operation) => ({ operation, pattern: patternOf(operation.path) }))
  .toSorted((a, b) => parametersIn(a.operation) - parametersIn(b.operation));

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

/** Finds the operation of a request. A GET operation answers HEAD, too. */
function operationOf(method: string, path: string): PublishedOperation | undefined {
  const [pathname = ''] = path.split('?');
  const described = method === 'HEAD' ? 'GET' : method;
  return bySpecificity.find(({ operation, pattern }) => operation.method === described && pattern.test(pathname))
    ?.operation;
}

/**
 * Throws when an answer differs from its description. Ignores paths that have no operation, and answers of the Functions host, which
 * refuses some requests without a body before they reach an operation.
 */
export function expectAsDescribed(received: ReceivedAnswer): void {
  const { method, path, status, text } = received;
  const operation = operationOf(method, path);
  const isOfHost = status >= 400 && text === '' && method !== 'HEAD';
  if (operation === undefined || isOfHost) return;
  const difference = differenceIn(operation, received);
  if (difference !== undefined)
    throw new Error(`${method} ${path}, ${status}, is not as described: ${difference}\n${text}`);
}

function differenceIn(operation: PublishedOperation, { method, status, contentType, text }: ReceivedAnswer) {
  const answer = operation.responses[status];
  if (answer === undefined) return 'the status is not described';
  if (method === 'HEAD') return undefined;
  const { content = {} } = answer;
  if (text === '') return Object.keys(content).length === 0 ? undefined : 'the body is missing';
  const mediaType = contentType?.split(';')[0] ?? '';
  const described = mediaType in content ? mediaType : '*/*';
  if (content[described] === undefined) return `the media type ${mediaType} is not described`;
  if (content[described].schema === undefined) return undefined;
  const valid = validatorOf(operation, status, described);
  return valid(JSON.parse(text)) ? undefined : ajv.errorsText(valid.errors);
}

/** Compiles the schema of a body on first use. */
function validatorOf({ path, method }: PublishedOperation, status: number, mediaType: string) {
  const pointer = ['paths', path, method.toLowerCase(), 'responses', `${status}`, 'content', mediaType, 'schema']
    .map((name) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  const validator = ajv.getSchema(`openapi.json#/${pointer}`);
  if (validator === undefined) throw new Error(`The description has no schema at ${pointer}.`);
  return validator;
}
