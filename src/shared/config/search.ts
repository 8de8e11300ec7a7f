import * as z from 'zod';
import { azure, inAzure, isHttps, text } from './environment.ts';

/** A service of Azure AI Search, with the app's managed identity or, on a developer machine, a key. */
export interface SearchConnection {
  readonly endpoint: string;
  readonly clientId: string | undefined;
  readonly apiKey: string | undefined;
}

const ADDRESS = /^(https:\/\/[^/]+|http:\/\/(localhost|127\.0\.0\.1):\d+)\/?$/;

/** Where the lists of orders, products and customers are searched, if not in Cosmos DB. */
export const search = z
  .object({
    SEARCH_ENDPOINT: z.string().optional(),
    SEARCH_IDENTITY_CLIENT_ID: text.optional(),
    SEARCH_API_KEY: text.optional(),
    ...azure,
  })
  .refine((env) => !env.SEARCH_ENDPOINT || ADDRESS.test(env.SEARCH_ENDPOINT), {
    path: ['SEARCH_ENDPOINT'],
    message: 'must be https://<service>.search.windows.net (or http://localhost:<port> on a developer machine)',
  })
  .refine(
    ...inAzure(
      'SEARCH_ENDPOINT',
      (endpoint: string) => endpoint === '' || isHttps(endpoint),
      'is an address without TLS, which is allowed on a developer machine only',
    ),
  )
  .refine(
    ...inAzure(
      'SEARCH_API_KEY',
      () => false,
      'is a key, which is allowed on a developer machine only: the apps sign in with their identities',
    ),
  )
  .transform((env): SearchConnection | undefined =>
    env.SEARCH_ENDPOINT
      ? { endpoint: env.SEARCH_ENDPOINT, clientId: env.SEARCH_IDENTITY_CLIENT_ID, apiKey: env.SEARCH_API_KEY }
      : undefined,
  );

/** When the indexes of Azure AI Search are looked after, and a number whose increment has them built again. */
export const searchIndexes = z
  .object({
    SEARCH_SCHEDULE: text.default('*/15 * * * * *'),
    SEARCH_INDEX_GENERATION: z.coerce.number('must be a whole number').int('must be a whole number').min(1).default(1),
  })
  .transform((env) => ({ schedule: env.SEARCH_SCHEDULE, generation: env.SEARCH_INDEX_GENERATION }));
