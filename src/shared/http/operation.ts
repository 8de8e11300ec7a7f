import type { HttpMethod } from '@azure/functions';
import type * as z from 'zod';
import type { Role } from '../auth/authenticate.ts';
import type { RoleViews } from '../auth/role-views.ts';
import type { ProblemCode } from './problem.ts';

/** Request headers that an operation can support, in addition to those that all operations support. */
export type RequestHeader = 'Idempotency-Key' | 'If-Match' | 'If-None-Match' | 'Prefer' | 'Cache-Control';
export type ResponseHeader = 'ETag' | 'Location' | 'Idempotency-Replayed' | 'Server-Timing' | 'x-data-age';

/** The response headers that web pages of other origins can read. The gateway exposes the same ones. */
export const EXPOSED_HEADERS: readonly (ResponseHeader | 'Retry-After' | 'x-correlation-id')[] = [
  'ETag',
  'Idempotency-Replayed',
  'Location',
  'Retry-After',
  'Server-Timing',
  'x-correlation-id',
  'x-data-age',
];

/** A response other than a problem. */
export interface Answer {
  readonly description: string;
  /** Schema of a JSON body; for other bodies, see `mediaType`. */
  readonly schema?: z.ZodType;
  /** Media type of a body that is not JSON. */
  readonly mediaType?: string;
  readonly headers?: readonly ResponseHeader[];
  /** The roles that see only a part of the body. */
  readonly views?: RoleViews;
}

/** The description of one HTTP function. The API description is generated from the same table that is registered with the host. */
export interface Operation {
  /** The name of the function, and the id of the operation. */
  readonly name: string;
  readonly method: HttpMethod;
  /** Relative to /api, such as `orders/{orderId}`. */
  readonly route: string;
  /** One sentence. */
  readonly summary: string;
  /** Roles that can call it; empty when it is anonymous. */
  readonly roles: readonly Role[];
  /**
   * The app setting that opens the operation to callers without a token. Without it, any valid token is enough, even one without a
   * role; `roles` then has all roles.
   */
  readonly publicBySetting?: 'CATALOGUE_ANONYMOUS';
  /** Roles that see more than an anonymous caller does, for an anonymous operation. */
  readonly rolesThatSeeMore?: readonly Role[];
  /** Schema of the query string, with descriptions and examples. */
  readonly parameters?: z.ZodObject;
  readonly headers?: readonly RequestHeader[];
  readonly body?: { readonly schema: z.ZodType; readonly examples: Readonly<Record<string, unknown>> };
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** The roles in which a caller reads other people's personal data. Each read is logged, with ids only. */
  readonly tracedReaders?: readonly Role[];
  /** The messages pushed to clients that connect with the returned URL. */
  readonly messages?: Answer;
  /** Problem codes in addition to those that follow from roles, parameters and body. */
  readonly problems: readonly ProblemCode[];
}
