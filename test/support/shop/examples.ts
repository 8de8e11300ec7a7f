import { CosmosClient } from '@azure/cosmos';
import type { OrderStatus } from '../../../src/shared/events/order-events.ts';
import { DEAD_LETTERS, ORDER_DETAILS } from '../../../src/shared/read-models/containers.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { cosmosDeadLetters } from '../../../src/sync/dead-letters/dead-letters.ts';
import { orderPlaced } from '../events/events.ts';
import { publishedOperation } from '../http/open-api.ts';
import { uniqueId } from '../system/api-client.ts';
import type { TestSystem } from '../system/system.ts';
import { castOrder, type OrderCast, orderIn } from './order-steps.ts';
import { startReplay } from './replays.ts';

/** The status of the order that an example needs. Default: confirmed. */
const ORDER_BEFORE: Readonly<Record<string, OrderStatus>> = {
  addItem: 'draft',
  removeItem: 'draft',
  changeQuantity: 'draft',
  removeLine: 'draft',
  changeShippingAddress: 'draft',
  submitOrder: 'draft',
  confirmOrder: 'submitted',
  deliverOrder: 'shipped',
  refundOrder: 'delivered',
};

/** The ids of the orders in the examples: a draft, a placed one, and one that is cancelled. */
const DRAFT = '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e01';
export const EXAMPLE_ORDER = '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e02';
const CANCELLED = '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e03';
export const EXAMPLE_ORDERS = [DRAFT, EXAMPLE_ORDER, CANCELLED];

/** Operations that create an aggregate, with the id in the example to replace with a new one. */
const CREATED_ID: Readonly<Record<string, string>> = {
  createOrder: DRAFT,
  placeOrder: EXAMPLE_ORDER,
  executeCommand: CANCELLED,
  registerCustomer: 'customer-1',
  addProduct: 'product-1',
};

/** The URL in the example of a new webhook. */
const EXAMPLE_URL = 'https://partner.example/webhooks/orders';

/** Operations on an existing webhook. */
const OF_A_WEBHOOK: ReadonlySet<string> = new Set(['deleteWebhook', 'getWebhookDeliveries', 'replayWebhook']);

/**
 * Maps the ids in an example of an operation to ids of aggregates. Those that the operation changes are new, so that no example depends
 * on another. A path parameter without an example is under its name.
 */
export async function realIds(system: TestSystem, operationId: string): Promise<ReadonlyMap<string, string>> {
  const { orderId, customerId, lamp } = await castFor(system, operationId);
  const ids = new Map([
    ...EXAMPLE_ORDERS.map((order) => [order, orderId] as const),
    ...['customer-1', 'c1'].map((customer) => [customer, customerId] as const),
    ...['product-1', 'p1', 'p2', 'p3'].map((product) => [product, lamp] as const),
    ['3', '1'], // the line to remove
  ]);
  if (operationId === 'redriveDeadLetter' || operationId === 'discardDeadLetter')
    ids.set('deadLetterId', await keepDeadLetter(system));
  if (operationId === 'getReplay' || operationId === 'cancelReplay')
    ids.set('replayId', await startReplay(system, { readModel: 'order_search' }));
  if (OF_A_WEBHOOK.has(operationId)) ids.set('webhookId', await createWebhook(system));
  if (operationId === 'saveWebhook') ids.set(EXAMPLE_URL, partnerUrl());
  const created = CREATED_ID[operationId];
  return created === undefined ? ids : ids.set(created, uniqueId('created'));
}

/** One order for all operations on a system that are not commands. */
const unchanged = new WeakMap<TestSystem, Promise<OrderCast>>();

/** A customer with products and, unless the operation is about something else, an order. They are new where a command may change them. */
function castFor(system: TestSystem, operationId: string): Promise<OrderCast> {
  const { path, responses } = publishedOperation(operationId);
  const isCommand = responses[202] !== undefined && !path.startsWith('/admin/');
  if (isCommand && path.startsWith('/orders/{orderId}')) {
    return orderIn(system, ORDER_BEFORE[operationId] ?? 'confirmed');
  }
  if (isCommand) return castOrder(system);
  const cast = unchanged.get(system) ?? orderIn(system, 'confirmed');
  unchanged.set(system, cast);
  return cast;
}

/** JSON with its ids replaced. */
export function withIds(json: unknown, ids: ReadonlyMap<string, string>): unknown {
  return JSON.parse(JSON.stringify(json), (_key, value) =>
    typeof value === 'string' ? (ids.get(value) ?? value) : value,
  );
}

/** A new URL that nobody serves. */
const partnerUrl = () => `https://${uniqueId('partner')}.example/`;

/** Subscribes a URL that nobody serves and returns the id of the webhook. */
async function createWebhook(system: TestSystem): Promise<string> {
  const webhook = { url: partnerUrl(), eventTypes: ['OrderRefunded'], secret: 'x'.repeat(24) };
  return (await system.as('admin').post('/webhooks', webhook)).body.webhookId;
}

/** Stores a dead letter and returns its id. */
async function keepDeadLetter({ azure }: TestSystem): Promise<string> {
  const client = new CosmosClient(azure.cosmosDb.connectionString);
  const container = client.database('orders').container(DEAD_LETTERS.name);
  const body = JSON.stringify(orderPlaced({ aggregateId: uniqueId('order') }));
  const poison = { body, reason: 'it could not be handled once', partitionId: '0', sequenceNumber: 17 };
  await cosmosDeadLetters(container, systemRuntime).add(ORDER_DETAILS.readModel, [poison]);
  const query = { query: 'SELECT * FROM c WHERE c.event = @event', parameters: [{ name: '@event', value: body }] };
  const { resources } = await container.items.query<{ readonly id: string }>(query).fetchAll();
  client.dispose();
  const [letter] = resources;
  if (letter === undefined) throw new Error('The dead letter was not kept.');
  return letter.id;
}
