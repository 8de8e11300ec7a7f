import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ADDRESS, customerAndProduct, eventually, uniqueId } from '../support/system/api-client.ts';
import { type OtlpCollector, startOtlpCollector } from '../support/system/otlp-collector.ts';
import type { ExportedSpan } from '../support/system/otlp-messages.ts';
import { documentedTrees, treeOf } from '../support/system/span-trees.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

/** From the example in https://www.w3.org/TR/trace-context/. */
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const CALLER_SPAN_ID = 'b7ad6b7169203331';
const CORRELATION_ID = 'correlation-of-the-order';
const DOCUMENTED = documentedTrees();

let collector: OtlpCollector;
let system: TestSystem;
let orderId: string;
beforeAll(async () => {
  collector = await startOtlpCollector();
  system = await startSystem(collector.settings);
  const admin = system.as('admin');
  const { customerId, productId } = await customerAndProduct(admin);
  // The catalogue then writes the product that it remembers, without a read.
  await eventually(
    () => admin.get(`/products/${productId}`),
    ({ status }) => status === 200,
  );
  orderId = uniqueId('order');
  const order = { orderId, customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
  const traceparent = `00-${TRACE_ID}-${CALLER_SPAN_ID}-01`;
  await admin.post('/orders', order, { traceparent, 'x-correlation-id': CORRELATION_ID });
  await admin.get(`/orders/${orderId}?minVersion=1`);
});
afterAll(async () => {
  await system?.stop();
  await collector?.close();
});

const spansOfTrace = () => collector.spans.filter(({ traceId }) => traceId === TRACE_ID);
const spanOfTrace = (name: string) =>
  eventually(
    () => spansOfTrace().find((span) => span.name === name),
    (span) => span !== undefined,
  );
const newest = (name: string, isMeant: (span: ExportedSpan) => boolean = () => true) =>
  eventually(
    () => collector.spans.findLast((span) => span.name === name && isMeant(span)),
    (span) => span !== undefined,
  );

/** Waits until the exported tree is the documented one, and compares the two when it does not become so. */
async function expectDocumentedTree(first: ExportedSpan | undefined): Promise<void> {
  const documented = DOCUMENTED.get(first?.name ?? '') ?? [];
  const exported = () => (first === undefined ? [] : treeOf(collector.spans, first));
  await eventually(exported, (tree) => documented.every((line) => tree.includes(line))).catch(() => undefined);
  expect(documented).not.toEqual([]);
  expect(exported()).toEqual(documented);
}

describe('the trace of an order', () => {
  it("is the caller's, and the one in docs/architecture.md", async () => {
    const request = await spanOfTrace('POST /api/orders');
    expect(request?.parentSpanId).toBe(CALLER_SPAN_ID);
    await expectDocumentedTree(request);
  });

  it.each(['PlaceOrder', 'commit', 'project order_details', 'push changes'])(
    'says in %s which order, version, event and correlation id it is about',
    async (name) => {
      expect((await spanOfTrace(name))?.attributes).toMatchObject({
        'cqrs.aggregate_id': orderId,
        'cqrs.version': 1,
        'cqrs.event_type': 'OrderPlaced',
        'cqrs.correlation_id': CORRELATION_ID,
      });
    },
  );

  it('follows the semantic conventions for HTTP, messaging and databases', async () => {
    expect((await spanOfTrace('POST /api/orders'))?.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/api/orders',
      'http.response.status_code': 202,
    });
    expect((await spanOfTrace('publish order-events'))?.attributes).toMatchObject({
      'messaging.system': 'eventhubs',
      'messaging.destination.name': 'order-events',
      'messaging.operation.type': 'send',
    });
    expect((await spanOfTrace('execute_bulk searchable_orders'))?.attributes).toMatchObject({
      'db.system.name': 'azure.cosmosdb',
      'db.operation.name': 'execute_bulk',
      'db.collection.name': 'searchable_orders',
    });
  });

  it('has no personal data', async () => {
    await spanOfTrace('push changes');
    const exported = JSON.stringify(collector.spans);
    for (const personal of [ADDRESS.street, ADDRESS.city, '@']) expect(exported).not.toContain(personal);
  });
});

it('a query has the trace in docs/architecture.md', async () => {
  await system.as('admin').get(`/orders/${orderId}`);
  await expectDocumentedTree(await newest('GET /api/orders/{orderId}'));
});

it('a refusal does not mark its spans as failed', async () => {
  const missing = uniqueId('order');
  await system.as('admin').post(`/orders/${missing}/confirm`, {});
  const request = await newest(
    'POST /api/orders/{orderId}/confirm',
    ({ attributes }) => attributes['cqrs.aggregate_id'] === missing,
  );
  expect(request).toMatchObject({ status: 'unset', attributes: { 'http.response.status_code': 404 } });
  const command = await newest('ConfirmOrder', ({ traceId }) => traceId === request?.traceId);
  expect(command).toMatchObject({ status: 'unset', attributes: { 'cqrs.refusal': 'order-not-found' } });
});

it('a replay has the trace in docs/architecture.md, with links to its request and to the traces of the events', async () => {
  const { body } = await system.as('admin').post('/admin/replays', { readModel: 'order_details' });
  const isReplay = ({ attributes }: ExportedSpan) => attributes['cqrs.replay_id'] === body.replayId;
  const replay = await newest('replay order_details', isReplay);
  const request = await newest('POST /api/admin/replays', isReplay);

  await expectDocumentedTree(replay);

  expect(replay?.parentSpanId).toBeUndefined();
  expect(replay?.links).toEqual([{ traceId: request?.traceId, spanId: request?.spanId }]);
  const projected = collector.spans.find((span) => span.traceId === replay?.traceId && span.kind === 'consumer');
  const command = await spanOfTrace('PlaceOrder');
  expect(projected?.links).toEqual([{ traceId: TRACE_ID, spanId: command?.spanId }]);
});

describe('the metrics', () => {
  it.each([
    'cqrs.commands',
    'cqrs.command_duration',
    'cqrs.query_duration',
    'cqrs.sync_lag',
    'cqrs.outbox_age',
    'cqrs.outbox_size',
    'cqrs.replay_done',
    'cqrs.replay_total',
  ])('include %s', async (name) => {
    await eventually(
      () => [...collector.metrics],
      (names) => names.includes(name),
    );
  });

  it.each([
    ['a refusal by its code', 'cqrs.refusals', { operation: 'confirmOrder', code: 'order-not-found' }],
    ['a command that is sent again', 'cqrs.idempotent_replays', { command: 'AddProduct' }],
  ])('count %s in the app that answers', async (_what, name, attributes) => {
    const admin = system.as('admin');
    const product = { productId: uniqueId('product'), name: 'Lamp', price: 10, stock: 1 };
    const key = { 'idempotency-key': uniqueId('key') };
    await admin.post('/products', product, key);
    await admin.post('/products', product, key);
    await admin.post(`/orders/${uniqueId('order')}/confirm`, {});

    const counted = { service: 'orders-commands', name, attributes, value: expect.any(Number) };
    await vi.waitFor(() => expect(collector.measurements(name)).toContainEqual(counted), 280_000);
  });
});
