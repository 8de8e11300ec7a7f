import type { HttpMethod } from '@azure/functions';
import type { z } from 'zod';
import type { Role } from '../auth/authenticate.ts';
import type { ProblemCode } from './problem.ts';

/** Request headers that an operation may heed, besides those that all of them do. */
export type RequestHeader = 'Idempotency-Key' | 'If-Match' | 'If-None-Match' | 'Last-Event-ID' | 'Prefer';
export type ResponseHeader = 'ETag' | 'Location' | 'Idempotency-Replayed' | 'Server-Timing';

/** An answer that is no problem. */
export interface Answer {
  readonly description: string;
  /** Of the JSON body; without one, see `mediaType`. */
  readonly schema?: z.ZodType;
  /** Of a body that is not JSON. */
  readonly mediaType?: string;
  /** Of the data of each event in a stream of them. */
  readonly eventSchema?: z.ZodType;
  readonly headers?: readonly ResponseHeader[];
}

/** One HTTP function as the API description shows it. The description is generated from the same table that is registered. */
export interface Operation {
  /** The function's name, and the operation's id. */
  readonly name: string;
  readonly method: HttpMethod;
  /** Below /api, such as `orders/{orderId}`. */
  readonly route: string;
  /** One sentence. */
  readonly summary: string;
  /** Who may call it; nobody in particular when empty. */
  readonly roles: readonly Role[];
  /** Of the query string; descriptions and examples come from the schema. */
  readonly parameters?: z.ZodObject;
  readonly headers?: readonly RequestHeader[];
  readonly body?: { readonly schema: z.ZodType; readonly examples: Readonly<Record<string, unknown>> };
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Besides those that follow from roles, parameters and body. */
  readonly problems: readonly ProblemCode[];
}
