import type { READ_MODELS } from '../../src/shared/event-hubs/hub.ts';

export interface PlannedRead {
  /** The query, as in docs/queries.md. */
  readonly query: string;
  readonly readModel: (typeof READ_MODELS)[number];
  /** Request units, as in docs/queries.md; a test compares them. */
  readonly requestUnits: number;
  /** Share of all reads. */
  readonly share: number;
}

/** The reads of a shop: mostly orders that somebody has open, and products. Chosen, not measured. */
export const READS: readonly PlannedRead[] = [
  { query: 'GET /orders/{orderId}', readModel: 'order_details', requestUnits: 1, share: 0.5 },
  { query: 'GET /products/{productId}', readModel: 'catalogue', requestUnits: 1, share: 0.2 },
  { query: 'GET /products?q=lamp', readModel: 'catalogue', requestUnits: 3, share: 0.1 },
  { query: 'GET /customers/{customerId}/orders', readModel: 'customer_orders', requestUnits: 4, share: 0.15 },
  { query: 'GET /shipments?status=confirmed', readModel: 'shipping_board', requestUnits: 4, share: 0.05 },
];
