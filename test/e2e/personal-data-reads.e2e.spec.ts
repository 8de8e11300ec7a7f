import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderIn } from '../support/shop/order-steps.ts';
import { type ApiClient, eventually, uniqueId } from '../support/system/api-client.ts';
import { type OtlpCollector, startOtlpCollector } from '../support/system/otlp-collector.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

let collector: OtlpCollector;
let system: TestSystem;
let orderId: string;
let customerId: string;
beforeAll(async () => {
  collector = await startOtlpCollector();
  system = await startSystem(collector.settings);
  ({ orderId, customerId } = await orderIn(system, 'confirmed'));
  await system.as('admin').get(`/orders/${orderId}?minVersion=5`);
});
afterAll(async () => {
  await system?.stop();
  await collector?.close();
});

/** What the log says about the request. */
async function tracesOf(client: ApiClient, path: string): Promise<readonly string[]> {
  const correlationId = uniqueId('read');
  await eventually(
    () => client.get(path, { 'x-correlation-id': correlationId }),
    ({ status, body }) => status === 200 && body.items?.length !== 0,
  );
  const lines = await eventually(
    () => linesWith(correlationId),
    (all) => all.some((line) => line.includes('"status":200')), // the log entry of the request, which is the last one
  );
  return lines.filter((line) => line.includes('personal-data-read'));
}

/** The complete lines that the host has printed with a text. */
function linesWith(text: string): readonly string[] {
  const lines = system.host.output().split('\n').slice(0, -1);
  return lines.filter((line) => line.includes(text));
}

describe('a read of personal data', () => {
  it.each([
    ['admin', 'getOrder', (id: string): string => `/orders/${id}`],
    ['warehouse', 'getOrder', (id: string): string => `/orders/${id}`],
    ['admin', 'getCurrentOrder', (id: string): string => `/orders/${id}/current`],
    ['admin', 'searchOrders', (id: string): string => `/orders?q=${id}`],
    ['warehouse', 'getShipments', (): string => '/shipments'],
  ] as const)(
    'by the role %s leaves a trace of who read whose data, without the data: %s',
    async (role, name, path) => {
      const [line = ''] = await tracesOf(system.as(role), path(orderId));
      expect(JSON.parse(line)).toEqual({
        time: expect.any(String),
        level: 'information',
        source: name,
        message: 'personal-data-read',
        userId: `local-${role}`,
        roles: [role],
        operation: name,
        correlationId: expect.any(String),
        // The warehouse does not see the customer's id.
        customerIds: role === 'admin' ? [customerId] : [],
        orderIds: [orderId],
      });
    },
  );

  it('of the whole list of a customer names the customer', async () => {
    const [line = ''] = await tracesOf(system.as('admin'), `/customers/${customerId}/summary`);
    expect(line).toContain(`"customerIds":["${customerId}"]`);
  });

  it.each([
    ['a customer who reads their own order', () => system.as('customer', customerId), () => `/orders/${orderId}`],
    ['an analyst, who sees no person', () => system.as('analyst'), () => `/orders?q=${orderId}`],
  ])('is not logged for %s', async (_who, client, path) => {
    expect(await tracesOf(client(), path())).toEqual([]);
  });
});

it('the words of a search are in no log line and in no span', async () => {
  const word = uniqueId('secret');
  const correlationId = uniqueId('search');
  await system.as('admin').get(`/orders?q=${word}`, { 'x-correlation-id': correlationId });
  await eventually(
    () => [system.host.output(), JSON.stringify(collector.spans)],
    (texts) => texts.every((text) => text.includes(correlationId)),
  );
  expect(system.host.output()).not.toContain(word);
  expect(JSON.stringify(collector.spans)).not.toContain(word);
});
