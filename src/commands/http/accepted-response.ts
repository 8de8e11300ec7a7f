import type { HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import type { Role } from '../../shared/auth/authenticate.ts';
import { projectTo, type RoleViews } from '../../shared/auth/role-views.ts';
import { ORDER_STATUSES } from '../../shared/events/order-events.ts';
import type { Answer } from '../../shared/http/operation.ts';
import { toDecimal } from '../../shared/money.ts';
import type { CommandAnswer } from '../pipeline/command.ts';
import type { CommandResult } from '../write-store/write-store.ts';

interface Aggregate {
  /** First segment of the routes of its commands. */
  readonly collection: string;
  /** Name of the field with its id in the response. */
  readonly idName: string;
  /** URL at which a client can read the changed aggregate, if there is one. Expects an encoded id. */
  readonly location?: (id: string) => string;
}

const AGGREGATES: Readonly<Record<CommandResult['aggregateType'], Aggregate>> = {
  Order: { collection: 'orders', idName: 'orderId', location: (id) => `/api/orders/${id}` },
  Customer: { collection: 'customers', idName: 'customerId', location: (id) => `/api/customers/${id}/summary` },
  Product: { collection: 'products', idName: 'productId' },
};

/**
 * The response to an accepted command: the aggregate and its new version.
 * @param viewers the roles by which the caller may execute the command
 */
export function acceptedResponse(
  { result, order, replayed, estimatedSyncMs }: CommandAnswer,
  viewers: ReadonlySet<Role>,
): HttpResponseInit {
  const { commandId, aggregateType, aggregateId, version } = result;
  const { idName, location } = AGGREGATES[aggregateType];
  const accepted = { commandId, [idName]: aggregateId, version, status: 'accepted', estimatedSyncMs };
  return {
    status: 202,
    headers: {
      etag: `"${version}"`,
      ...(location !== undefined && { location: location(encodeURIComponent(aggregateId)) }),
      ...(replayed && { 'idempotency-replayed': 'true' }),
    },
    jsonBody: order === undefined ? accepted : projectTo({ ...accepted, ...stateOf(order) }, ORDER_VIEWS, viewers),
  };
}

const stateOf = ({ status, total: amount, currency }: NonNullable<CommandAnswer['order']>) => ({
  orderStatus: status,
  total: toDecimal(amount, currency),
});

const acceptedFields = (idName: string) => ({
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
});

const orderStatus = z.enum(ORDER_STATUSES).describe('The status of the order after the command.');
const total = z.number().describe('The total of the order after the command, as a decimal amount in its currency.');

const SCHEMAS = Object.entries(AGGREGATES).map(([type, { collection, idName }]) => ({
  collection,
  schema: z
    .strictObject({ ...acceptedFields(idName), ...(type === 'Order' && { orderStatus, total }) })
    .meta({ id: `${type}Accepted` }),
}));

/** The warehouse sees no totals. */
const withoutTotal = z
  .object({ ...acceptedFields(AGGREGATES.Order.idName), orderStatus })
  .meta({ id: 'OrderAcceptedForWarehouse' });
const ORDER_VIEWS: RoleViews = { warehouse: { schema: withoutTotal } };

/** Describes that response for a route. On a route without an aggregate of its own, the response may be for any aggregate. */
export function acceptedAnswer(route: string, roles: readonly Role[]): Answer {
  const own = SCHEMAS.find(({ collection }) => route.split('/')[0] === collection);
  return {
    description: 'The change is committed. The read models are eventually consistent and show it shortly.',
    schema: own?.schema ?? z.union(SCHEMAS.map(({ schema }) => schema)),
    ...(roles.includes('warehouse') && { views: viewsOf(own?.collection) }),
    headers: ['ETag', 'Location', 'Idempotency-Replayed'],
  };
}

function viewsOf(collection: string | undefined): RoleViews {
  if (collection === AGGREGATES.Order.collection) return ORDER_VIEWS;
  if (collection !== undefined) return {};
  const others = SCHEMAS.filter((entry) => entry.collection !== AGGREGATES.Order.collection);
  return { warehouse: { schema: z.union([withoutTotal, ...others.map(({ schema }) => schema)]) } };
}
