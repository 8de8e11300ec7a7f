import type { HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import type { Answer } from '../../shared/http/operation.ts';
import type { CommandAnswer } from '../pipeline/command.ts';
import type { CommandResult } from '../write-store/write-store.ts';

interface Aggregate {
  /** The first segment of its commands' routes. */
  readonly collection: string;
  /** Under which name the answer gives its id. */
  readonly idName: string;
  /** Where a client reads what it has changed, if anywhere; the id is encoded. */
  readonly location?: (id: string) => string;
}

const AGGREGATES: Readonly<Record<CommandResult['aggregateType'], Aggregate>> = {
  Order: { collection: 'orders', idName: 'orderId', location: (id) => `/api/orders/${id}` },
  Customer: { collection: 'customers', idName: 'customerId', location: (id) => `/api/customers/${id}/summary` },
  Product: { collection: 'products', idName: 'productId' },
};

/** The answer to an accepted command: which aggregate has which version now. */
export function acceptedResponse({ result, replayed, estimatedSyncMs }: CommandAnswer): HttpResponseInit {
  const { commandId, aggregateType, aggregateId, version } = result;
  const { idName, location } = AGGREGATES[aggregateType];
  return {
    status: 202,
    headers: {
      etag: `"${version}"`,
      ...(location !== undefined && { location: location(encodeURIComponent(aggregateId)) }),
      ...(replayed && { 'idempotency-replayed': 'true' }),
    },
    jsonBody: { commandId, [idName]: aggregateId, version, status: 'accepted', estimatedSyncMs },
  };
}

const SCHEMAS = Object.entries(AGGREGATES).map(([type, { collection, idName }]) => ({
  collection,
  schema: z
    .strictObject({
      commandId: z.string().describe('The idempotency key: the one that was sent, or a new one.'),
      [idName]: z.string(),
      version: z.int().min(1).describe('Of the aggregate, after the command.'),
      status: z.literal('accepted'),
      estimatedSyncMs: z
        .int()
        .min(0)
        .describe(
          'About how many milliseconds from now every read model shows the change. The one field that may differ when the same command is sent again.',
        ),
    })
    .meta({ id: `${type}Accepted` }),
}));

/** The description of that answer at a route; at one of no aggregate it may be about any. */
export function acceptedAnswer(route: string): Answer {
  const own = SCHEMAS.find(({ collection }) => route.split('/')[0] === collection);
  return {
    description: 'The change is committed; the read models follow within moments.',
    schema: own?.schema ?? z.union(SCHEMAS.map(({ schema }) => schema)),
    headers: ['ETag', 'Location', 'Idempotency-Replayed'],
  };
}
