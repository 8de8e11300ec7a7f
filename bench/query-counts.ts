import { ADDRESS, customerAndProduct } from '../test/support/system/api-client.ts';
import { startSystem } from '../test/support/system/system.ts';

export interface QueryCounts {
  readonly query: string;
  readonly status: number;
  /** HTTP requests to Cosmos DB. */
  readonly requests: number;
  /** Estimated by the stand-in. */
  readonly requestUnits: number;
}

const ORDERS = 20;

/** Measures the cost of each GET on a running system that has one customer with some orders. */
export async function countQueries(): Promise<readonly QueryCounts[]> {
  const system = await startSystem();
  try {
    const admin = system.as('admin');
    const { customerId, productId } = await customerAndProduct(admin);
    const order = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
    const orderIds: string[] = [];
    for (let count = 0; count < ORDERS; count++) orderIds.push((await admin.post('/orders', order)).body.orderId);
    for (const orderId of orderIds) {
      await admin.post(`/orders/${orderId}/confirm`, {});
      await admin.get(`/orders/${orderId}?minVersion=2`);
    }
    const today = new Date().toISOString().slice(0, 10);
    const queries = [
      '/orders/{orderId}',
      '/orders/{orderId}?include=history,tracking',
      '/orders/{orderId}/current',
      '/customers/{customerId}/orders',
      '/customers/{customerId}/summary',
      '/customers/{customerId}',
      '/customers?q=ada',
      '/products/{productId}',
      '/products?q=lamp',
      '/orders?q=lamp',
      '/shipments?status=confirmed',
      `/analytics/daily?from=${today}&to=${today}`,
      '/analytics/live?minutes=60',
    ];
    const counts: QueryCounts[] = [];
    for (const query of queries) {
      system.azure.cosmosDb.requests.reset();
      const path = query
        .replace('{orderId}', orderIds[0] ?? '')
        .replace('{customerId}', customerId)
        .replace('{productId}', productId);
      const { status } = await admin.get(path);
      const { requests } = system.azure.cosmosDb;
      counts.push({ query, status, requests: requests.count(), requestUnits: requests.requestCharge() });
    }
    return counts;
  } finally {
    await system.stop();
  }
}
