import type { HttpResponseInit } from '@azure/functions';
import { z } from 'zod';

/** The one table of problem codes: status and title of each. */
export const PROBLEMS = {
  'validation-failed': [400, 'The request is not valid'],
  'malformed-json': [400, 'The body is not JSON'],
  unauthenticated: [401, 'A valid access token is needed'],
  forbidden: [403, 'The caller may not do this'],
  'order-not-found': [404, 'There is no such order'],
  'customer-not-found': [404, 'There is no such customer'],
  'product-not-found': [404, 'There is no such product'],
  'dead-letter-not-found': [404, 'There is no such dead letter'],
  'replay-not-found': [404, 'There is no such replay'],
  'order-exists': [409, 'The order exists already'],
  'customer-exists': [409, 'The customer exists already'],
  'product-exists': [409, 'The product exists already'],
  'invalid-transition': [409, 'The order is not in a state that allows this'],
  'concurrent-update': [409, 'Other requests changed this at the same time'],
  'version-mismatch': [412, 'The version is not the expected one'],
  'length-required': [411, 'The request must say how long its body is'],
  'body-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body must be JSON'],
  'currency-mismatch': [422, 'The currencies differ'],
  'price-changed': [422, 'A price has changed'],
  'insufficient-stock': [422, 'There is not enough stock'],
  'credit-limit-exceeded': [422, 'The credit limit is exceeded'],
  'empty-order': [422, 'The order has no lines'],
  'unknown-command': [422, 'There is no such command'],
  'idempotency-key-reused': [422, 'The idempotency key belongs to another request'],
  'internal-error': [500, 'Something went wrong on our side'],
  unavailable: [503, 'The service is not available at the moment'],
  'read-model-behind': [503, 'The read model is not up to date yet'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Begins the URN of every problem; its code follows. */
export const PROBLEM_TYPE = 'urn:orders:problem:';

const fieldError = z.strictObject({
  path: z
    .string()
    .describe(
      'The field at fault, such as `items.0.quantity`: a path into the command’s data, also when they came in an envelope; or the name of a field of the envelope, of a parameter or of a header. Empty: the body as a whole.',
    ),
  message: z.string(),
});
export type FieldError = Readonly<z.output<typeof fieldError>>;

/** A problem as clients see it. */
export const problemSchema = z
  .strictObject({
    type: z.string().describe('A URN that is the same for every problem of this code.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('For people: what is wrong, the limit, the way out.'),
    instance: z.string().describe('The path of the request.'),
    code: z.string().describe('Stable: what programs tell problems apart by.'),
    errors: z.array(fieldError).optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' });

/** An error as the HTTP edge shows it (RFC 9457); thrown or returned, it becomes the response. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[] | undefined;
  /** Seconds after which the client may try again. */
  readonly retryAfter: number | undefined;

  /** `detail` is a sentence for people: what is wrong, the limit, the fix. It shows no internals; `cause` is for the log. */
  constructor(
    code: ProblemCode,
    detail: string,
    options: ErrorOptions & { readonly errors?: readonly FieldError[] | undefined; readonly retryAfter?: number } = {},
  ) {
    super(detail, options);
    this.name = 'Problem';
    this.code = code;
    this.errors = options.errors;
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return PROBLEMS[this.code][0];
  }

  /** The response; `instance` is the path of the request. */
  toResponse(instance: string): HttpResponseInit {
    const [status, title] = PROBLEMS[this.code];
    const { code, message: detail, errors } = this;
    return {
      status,
      headers: {
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        ...(this.retryAfter !== undefined && { 'retry-after': String(this.retryAfter) }),
        ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      },
      body: JSON.stringify({
        type: `${PROBLEM_TYPE}${code}`,
        title,
        status,
        detail,
        instance,
        code,
        ...(errors !== undefined && { errors }),
      }),
    };
  }
}

/**
 * For the `catch` of a call to a dependency: its fault becomes Problem `unavailable`, which asks the client to try again in two
 * seconds. `detail` says what cannot be done at the moment.
 */
export function unavailable(detail: string): (cause: unknown) => never {
  return (cause) => {
    throw new Problem('unavailable', detail, { retryAfter: 2, cause });
  };
}
