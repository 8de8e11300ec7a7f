import * as z from 'zod';
import { address } from '../../shared/events/order-events.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { listAnswers, listResponse } from '../../shared/http/list-response.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { BOARD, SHIPPING_BOARD } from '../../shared/read-models/containers.ts';
import { equals, pageParameters, readPage } from '../../shared/read-models/paging.ts';
import { SHIPMENT_STATUSES, type Shipment } from '../../shared/read-models/shipping-board.ts';
import type { QueriesApp } from '../app.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';

const parameters = z.object({
  status: z.enum(SHIPMENT_STATUSES).optional(),
  region: z
    .string()
    .max(200, 'must have at most 200 characters')
    .optional()
    .meta({ examples: ['GB-LND'] }),
  ...pageParameters,
});

const shipmentResponse = z
  .strictObject({
    orderId: z.string(),
    customerName: z.string(),
    status: z.enum(SHIPMENT_STATUSES),
    region: z.string().describe('Country and state of the address, such as GB-LND.'),
    shippingAddress: address,
    itemCount: z.int().describe('Number of lines.'),
    carrier: z.string().exactOptional(),
    trackingNumber: z.string().exactOptional(),
    confirmedAt: z.iso.datetime(),
    shippedAt: z.iso.datetime().exactOptional(),
    deliveredAt: z.iso.datetime().exactOptional(),
    version: z.int().positive(),
    lastUpdated: z.iso.datetime(),
  })
  .meta({ id: 'Shipment' });

const query: Query = {
  name: 'getShipments',
  route: 'shipments',
  summary: 'Lists confirmed and shipped orders, and delivered ones for 30 days, newest first.',
  roles: ['warehouse', 'admin'],
  tracedReaders: ['warehouse', 'admin'],
  parameters,
  answers: listAnswers(shipmentResponse),
  problems: [],
};

export function getShipments(app: QueriesApp): HttpFunction {
  return httpQuery(app, query, async ({ request }) => {
    const { status, region, ...page } = validate(parameters, queryParameters(request));
    const container = app.database.container(SHIPPING_BOARD.name);
    const statuses = status === undefined ? [...SHIPMENT_STATUSES] : [status];
    const conditions = [
      equals('board', BOARD),
      { sql: 'ARRAY_CONTAINS(@statuses, c.status)', parameters: { '@statuses': statuses } },
      equals('region', region),
    ];
    return listResponse(await readPage<Shipment>(container, conditions, page), toItem);
  });
}

const shown = shipmentResponse.strip();

/** Omits fields that only the projection uses. */
function toItem(shipment: Shipment): z.output<typeof shown> {
  return shown.parse(shipment);
}
