import type { HttpResponseInit } from '@azure/functions';
import { z } from 'zod';

/** All problem codes, each with its status and title. */
export const PROBLEMS = {
  'validation-failed': [400, 'The request is not valid'],
  'malformed-json': [400, 'The body is not JSON'],
  unauthenticated: [401, 'A valid access token is required'],
  forbidden: [403, 'The caller is not allowed to do this'],
  'order-not-found': [404, 'There is no such order'],
  'customer-not-found': [404, 'There is no such customer'],
  'product-not-found': [404, 'There is no such product'],
  'dead-letter-not-found': [404, 'There is no such dead letter'],
  'replay-not-found': [404, 'There is no such replay'],
  'order-exists': [409, 'The order already exists'],
  'customer-exists': [409, 'The customer already exists'],
  'product-exists': [409, 'The product already exists'],
  'invalid-transition': [409, 'The order is not in a state that allows this'],
  'concurrent-update': [409, 'Other requests changed this at the same time'],
  'version-mismatch': [412, 'The version does not match the expected version'],
  'length-required': [411, 'The request must state the length of its body'],
  'body-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body must be plain JSON'],
  'currency-mismatch': [422, 'The currencies do not match'],
  'price-changed': [422, 'A price has changed'],
  'insufficient-stock': [422, 'There is not enough stock'],
  'credit-limit-exceeded': [422, 'The credit limit is exceeded'],
  'too-many-drafts': [422, 'The customer has too many open drafts'],
  'empty-order': [422, 'The order has no lines'],
  'unknown-command': [422, 'There is no such command'],
  'idempotency-key-reused': [422, 'The idempotency key was used for a different request'],
  throttled: [429, 'Too many requests'],
  'internal-error': [500, 'Something went wrong on our side'],
  unavailable: [503, 'The service is not available at the moment'],
  'read-model-behind': [503, 'The read model is not up to date yet'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Prefix of the URN of every problem; the code follows. */
export const PROBLEM_TYPE = 'urn:orders:problem:';

const fieldError = z.strictObject({
  path: z
    .string()
    .describe(
      'The invalid field. A path into the command’s data, such as `items.0.quantity`, with or without an envelope; or the name of an envelope field, a parameter or a header. Empty when the body as a whole is invalid.',
    ),
  message: z.string(),
});
export type FieldError = Readonly<z.output<typeof fieldError>>;

/** A problem in API responses. */
export const problemSchema = z
  .strictObject({
    type: z.string().describe('A URN that identifies the code.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('An explanation for people: what is wrong and how to fix it.'),
    instance: z.string().describe('The path of the request.'),
    code: z.string().describe('A stable code for programs.'),
    errors: z.array(fieldError).optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' });

/** An error that becomes a problem details response (RFC 9457). */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[] | undefined;
  /** Seconds after which the client can retry. */
  readonly retryAfter: number | undefined;

  /** `detail` tells people what is wrong and how to fix it, without internal details. `cause` is only logged. */
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

  /** Returns the response; `instance` is the path of the request. */
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
 * Returns a handler for `.catch()` on a call to a dependency. It throws Problem `unavailable`, which asks the client to retry after
 * two seconds. `detail` says what is not possible at the moment.
 */
export function unavailable(detail: string): (cause: unknown) => never {
  return (cause) => {
    throw new Problem('unavailable', detail, { retryAfter: 2, cause });
  };
}
