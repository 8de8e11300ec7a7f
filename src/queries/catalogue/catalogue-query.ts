import type { HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import { type Actor, ROLES } from '../../shared/auth/authenticate.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import type { Call } from '../../shared/http/endpoint.ts';
import { toDecimal } from '../../shared/money.ts';
import type { CatalogueProduct } from '../../shared/read-models/catalogue.ts';
import type { QueriesApp } from '../app.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';

/** A caller without a token. */
const ANYBODY: Actor = { userId: 'anonymous', roles: new Set(), customerId: undefined };

/** A product in API responses. */
export const product = z
  .strictObject({
    productId: z.string(),
    name: z.string(),
    price: z.number(),
    currency: z.string(),
    available: z.int().min(0).describe('Units that can be ordered.'),
    version: z.int().positive().describe('Version of the product, which orders do not change.'),
    lastUpdated: z.iso.datetime().describe('When the product or its stock last changed.'),
  })
  .meta({ id: 'Product' });

/** Maps a product to its API response. */
export function toProduct(found: CatalogueProduct): z.output<typeof product> {
  const { productId, name, price, currency, available, version, lastUpdated } = found;
  return {
    productId,
    name,
    price: toDecimal(price, currency),
    currency,
    // Orders can arrive before the delivery that made them possible.
    available: Math.max(0, available),
    version,
    lastUpdated,
  };
}

/**
 * Creates the HTTP function of a query of the catalogue, which anyone with a valid token can read, and where a setting allows it
 * anyone. A token that is sent must be valid in either case.
 */
export function catalogueQuery(
  app: QueriesApp,
  query: Omit<Query, 'roles' | 'publicBySetting'>,
  answer: (call: Call) => Promise<HttpResponseInit>,
): HttpFunction {
  const authenticate = app.catalogueAnonymous
    ? async (authorization: string | null) => (authorization === null ? ANYBODY : app.authenticate(authorization))
    : app.authenticate;
  return httpQuery(
    { ...app, authenticate },
    { ...query, roles: ROLES, publicBySetting: 'CATALOGUE_ANONYMOUS' },
    answer,
  );
}
