import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADDRESS, customerAndProduct, eventually, uniqueId } from '../support/system/api-client.ts';
import { type OtlpCollector, startOtlpCollector } from '../support/system/otlp-collector.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

/** From the example in https://www.w3.org/TR/trace-context/. */
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const CALLER_SPAN_ID = 'b7ad6b7169203331';

let collector: OtlpCollector;
let system: TestSystem;
beforeAll(async () => {
  collector = await startOtlpCollector();
  system = await startSystem(collector.settings);
  const admin = system.as('admin');
  const { customerId, productId } = await customerAndProduct(admin);
  const orderId = uniqueId('order');
  await admin.post(
    '/orders',
    { orderId, customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS },
    { traceparent: `00-${TRACE_ID}-${CALLER_SPAN_ID}-01`, 'idempotency-key': 'key-1' },
  );
  await admin.get(`/orders/${orderId}?minVersion=1`);
});
afterAll(async () => {
  await system?.stop();
  await collector?.close();
});

const spanOfTrace = (name: string) =>
  eventually(
    () => collector.spans.find((span) => span.traceId === TRACE_ID && span.name === name),
    (span) => span !== undefined,
  );

describe('a trace', () => {
  it("continues from the caller's span to the command", async () => {
    expect(await spanOfTrace('PlaceOrder')).toMatchObject({
      parentSpanId: CALLER_SPAN_ID,
      attributes: { 'cqrs.command': 'PlaceOrder', 'cqrs.command_id': expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  it('continues from the command through Event Hubs to the projection', async () => {
    const command = await spanOfTrace('PlaceOrder');
    expect(await spanOfTrace('project order_details')).toMatchObject({
      parentSpanId: command?.spanId,
      attributes: { 'cqrs.read_model': 'order_details', 'cqrs.event': 'OrderPlaced' },
    });
  });
});

describe('the metrics', () => {
  it.each(['cqrs.commands', 'cqrs.command_duration', 'cqrs.query_duration', 'cqrs.sync_lag', 'cqrs.outbox_age'])(
    'include %s',
    async (name) => {
      await eventually(
        () => [...collector.metrics],
        (names) => names.includes(name),
      );
    },
  );
});
