import type { HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import { ORDER_STATUSES } from '../../shared/events/order-events.ts';
import type { Answer } from '../../shared/http/operation.ts';
import { toDecimal } from '../../shared/money.ts';
import type { CommandAnswer } from '../pipeline/command.ts';
import type { CommandResult } from '../write-store/write-store.ts';

interface Aggregate {
  /** First segment of the routes of its commands and of the query that shows it. */
  readonly collection: string;
  /** Name of the field with its id in the response. */
  readonly idName: string;
}

const AGGREGATES: Readonly<Record<CommandResult['aggregateType'], Aggregate>> = {
  Order: { collection: 'orders', idName: 'orderId' },
  Customer: { collection: 'customers', idName: 'customerId' },
  Product: { collection: 'products', idName: 'productId' },
};

/** The response to an accepted command: the aggregate and its new version. */
export function acceptedResponse({ result, order, replayed, estimatedSyncMs }: CommandAnswer): HttpResponseInit {
  const { commandId, aggregateType, aggregateId, version } = result;
  const { collection, idName } = AGGREGATES[aggregateType];
  return {
    status: 202,
    headers: {
      etag: `"${version}"`,
      location: `/api/${collection}/${encodeURIComponent(aggregateId)}`,
      ...(replayed && { 'idempotency-replayed': 'true' }),
    },
    jsonBody: {
      commandId,
      [idName]: aggregateId,
      version,
      status: 'accepted',
      estimatedSyncMs,
      ...(order !== undefined && { orderStatus: order.status, total: toDecimal(order.total, order.currency) }),
    },
  };
}

const SCHEMAS = Object.entries(AGGREGATES).map(([type, { collection, idName }]) => ({
  collection,
  schema: z
    .strictObject({
      commandId: z.string().describe('The idempotency key: the one that was sent, or a generated one.'),
      [idName]: z.string(),
      version: z.int().min(1).describe('The version of the aggregate after the command.'),
      status: z.literal('accepted'),
      estimatedSyncMs: z
        .int()
        .min(0)
        .describe(
          'Estimated milliseconds until every read model shows the change. The only field that may differ when the same command is sent again.',
        ),
      ...(type === 'Order' && {
        orderStatus: z.enum(ORDER_STATUSES).describe('The status of the order after the command.'),
        total: z.number().describe('The total of the order after the command, as a decimal amount in its currency.'),
      }),
    })
    .meta({ id: `${type}Accepted` }),
}));

/** Describes that response for a route. On a route without an aggregate of its own, the response may be for any aggregate. */
export function acceptedAnswer(route: string): Answer {
  const own = SCHEMAS.find(({ collection }) => route.split('/')[0] === collection);
  return {
    description: 'The change is committed. The read models are eventually consistent and show it shortly.',
    schema: own?.schema ?? z.union(SCHEMAS.map(({ schema }) => schema)),
    headers: ['ETag', 'Location', 'Idempotency-Replayed'],
  };
}
