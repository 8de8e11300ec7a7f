import { app } from '@azure/functions';
import { z } from 'zod';
import { validate } from '../shared/http/validate.ts';
import { SHIPPING_BOARD } from '../shared/read-models/containers.ts';
import { SHIPMENT_STATUSES, type Shipment } from '../shared/read-models/shipping-board.ts';
import { listResponse } from './list-response.ts';
import { equals, pageParameters, readPage } from './paging.ts';
import { queryEndpoint } from './query-endpoint.ts';
import { runtime } from './runtime.ts';

const parameters = z.object({
  status: z.enum(SHIPMENT_STATUSES).optional(),
  region: z.string().max(200, 'must have at most 200 characters').optional(),
  ...pageParameters,
});

/** Confirmed, shipped and delivered orders, newest first. */
app.http('getShipments', {
  methods: ['GET'],
  route: 'shipments',
  authLevel: 'anonymous',
  handler: queryEndpoint('getShipments', ['warehouse', 'admin'], async ({ request }) => {
    const { status, region, ...page } = validate(parameters, Object.fromEntries(request.query));
    const container = runtime().database.container(SHIPPING_BOARD.name);
    const shown = status === undefined ? SHIPMENT_STATUSES : [status];
    const conditions = [
      { sql: 'ARRAY_CONTAINS(@statuses, c.status)', parameters: { '@statuses': [...shown] } },
      equals('region', region),
    ];
    return listResponse(await readPage<Shipment>(container, conditions, page), toItem);
  }),
});

function toItem(shipment: Shipment): object {
  const { orderId, customerName, status, region, shippingAddress, itemCount, carrier, trackingNumber } = shipment;
  const { confirmedAt, shippedAt, deliveredAt, version, lastUpdated } = shipment;
  return {
    orderId,
    customerName,
    status,
    region,
    shippingAddress,
    itemCount,
    carrier,
    trackingNumber,
    confirmedAt,
    shippedAt,
    deliveredAt,
    version,
    lastUpdated,
  };
}
