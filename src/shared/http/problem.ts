import type { HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import { ORDER_STATUSES } from '../events/order-events.ts';

/** All problem codes, each with its status and title. The gateway alone returns `route-not-found`. */
export const PROBLEMS = {
  'validation-failed': [400, 'The request is not valid'],
  'malformed-json': [400, 'The body is not JSON'],
  unauthenticated: [401, 'A valid access token is required'],
  forbidden: [403, 'The caller is not allowed to do this'],
  'route-not-found': [404, 'There is no such route'],
  'order-not-found': [404, 'There is no such order'],
  'customer-not-found': [404, 'There is no such customer'],
  'product-not-found': [404, 'There is no such product'],
  'dead-letter-not-found': [404, 'There is no such dead letter'],
  'replay-not-found': [404, 'There is no such replay'],
  'report-not-found': [404, 'There is no such report'],
  'webhook-not-found': [404, 'There is no such webhook'],
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
  'product-discontinued': [422, 'The product is discontinued'],
  'insufficient-stock': [422, 'There is not enough stock'],
  'credit-limit-exceeded': [422, 'The credit limit is exceeded'],
  'too-many-drafts': [422, 'The customer has too many open drafts'],
  'too-many-webhooks': [422, 'There are too many webhooks'],
  'empty-order': [422, 'The order has no lines'],
  'unknown-command': [422, 'There is no such command'],
  'idempotency-key-reused': [422, 'The idempotency key was used for a different request'],
  throttled: [429, 'Too many requests'],
  'internal-error': [500, 'Something went wrong on our side'],
  unavailable: [503, 'The service is not available at the moment'],
  'read-model-behind': [503, 'The read model is not up to date yet'],
  'report-unavailable': [503, 'There is no data lake for reports'],
  'report-timeout': [504, 'The report takes too long'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Prefix of the URN of every problem; the code follows. */
export const PROBLEM_TYPE = 'urn:orders:problem:';

/** Facts that help a client to correct its request. Which ones a problem has, depends on its code. */
const problemFacts = z
  .object({
    productId: z.string().describe('The product that the problem is about.'),
    price: z.number().describe('`price-changed`: the catalogue price, a decimal amount in `currency`.'),
    currency: z.string().describe('The currency of the amounts; `currency-mismatch`: of the product or the customer.'),
    requested: z.int().describe('`insufficient-stock`: units of the product that were requested.'),
    available: z.int().describe('`insufficient-stock`: units of the product that are left.'),
    creditAvailable: z
      .number()
      .describe('`credit-limit-exceeded`: the credit that the customer has left, a decimal amount in `currency`.'),
    creditUsed: z
      .number()
      .describe('`credit-limit-exceeded`: the credit that open orders use, a decimal amount. No limit can be lower.'),
    orderStatus: z.enum(ORDER_STATUSES).describe('`invalid-transition`: the status of the order.'),
    version: z
      .int()
      .min(0)
      .describe(
        'The current version: of the aggregate or, for `read-model-behind`, in the read model. 0 when there is none.',
      ),
  })
  .partial();
export type ProblemFacts = Readonly<z.output<typeof problemFacts>>;

const fieldError = z.looseObject({
  path: z
    .string()
    .describe(
      'The invalid field. A path into the command’s data, such as `items.0.quantity`, with or without an envelope; or the name of an envelope field, a parameter or a header. Empty when the body as a whole is invalid.',
    ),
  message: z.string(),
  ...problemFacts.shape,
});

/** An invalid field, with the facts about it. */
export interface FieldError extends ProblemFacts {
  readonly path: string;
  readonly message: string;
}

/** A problem in API responses. Clients must ignore members that they do not know (RFC 9457, section 3.2). */
export const problemSchema = z
  .looseObject({
    type: z.string().describe('A URN that identifies the code.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('An explanation for people: what is wrong and how to fix it.'),
    instance: z.string().describe('The path of the request.'),
    code: z.enum(Object.keys(PROBLEMS)).describe('A stable code for programs.'),
    ...problemFacts.shape,
    errors: z
      .array(fieldError)
      .optional()
      .describe('The invalid fields, each with the facts about it. The problem has the facts of the first one.'),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457). Ignore members that you do not know.' });

interface ProblemOptions extends ErrorOptions {
  readonly errors?: readonly FieldError[] | undefined;
  readonly facts?: ProblemFacts | undefined;
  readonly retryAfter?: number;
}

/** An error that becomes a problem details response (RFC 9457). */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[] | undefined;
  readonly facts: ProblemFacts | undefined;
  /** Seconds after which the client can retry. */
  readonly retryAfter: number | undefined;

  /** `detail` tells people what is wrong and how to fix it, without internal details. `cause` is only logged. */
  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, options);
    this.name = 'Problem';
    this.code = code;
    this.errors = options.errors;
    this.facts = options.facts;
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return PROBLEMS[this.code][0];
  }

  /** Returns the response; `instance` is the path of the request. */
  toResponse(instance: string): HttpResponseInit & { readonly headers: Readonly<Record<string, string>> } {
    const [status, title] = PROBLEMS[this.code];
    const { code, message: detail, errors, facts } = this;
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
        ...facts,
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
