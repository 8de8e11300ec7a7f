import { describe, expect, it } from 'vitest';
import { openDevelopmentIssuer } from '../../local/development-issuer.ts';
import { ADDRESS, apiClient, customerAndProduct, eventually, uniqueId } from '../support/system/api-client.ts';

const { TEST_FUNCTIONS_HOST_URL: url, TEST_FUNCTIONS_HOST_KEYS: keys } = process.env;

/** The official host starts within a minute, and its extensions are downloaded with it. */
const START_LIMIT_MS = 180_000;

describe.skipIf(!url)(
  'the functions in the official Functions host (skipped: TEST_FUNCTIONS_HOST_URL is not set)',
  () => {
    it(
      'take an order, and show it in the read model',
      async () => {
        const issuer = await openDevelopmentIssuer(`${keys}/development-issuer`);
        const admin = apiClient(
          () => `${url}/api`,
          () => issuer.sign({ roles: ['admin'], lifetime: 3600 }),
        );
        await eventually(
          () =>
            fetch(`${url}/api/health/ready`).then(
              ({ status }) => status,
              () => 0,
            ),
          (status) => status === 200,
          START_LIMIT_MS,
        );
        const { customerId, productId } = await customerAndProduct(admin);
        const orderId = uniqueId('order');
        const items = [{ productId, quantity: 2 }];

        const { status } = await admin.post('/orders', { orderId, customerId, items, shippingAddress: ADDRESS });
        const order = await eventually(
          () => admin.get(`/orders/${orderId}`),
          (answer) => answer.status === 200,
          60_000,
        );

        expect(status).toBe(202);
        expect(order.body).toMatchObject({ orderId, customerId, status: 'submitted' });
      },
      2 * START_LIMIT_MS,
    );
  },
);
