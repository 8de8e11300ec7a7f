import { CosmosClient } from '@azure/cosmos';
import type { OrderStatus } from '../../../src/shared/events/order-events.ts';
import { DEAD_LETTERS, ORDER_DETAILS } from '../../../src/shared/read-models/containers.ts';
import { cosmosDeadLetters } from '../../../src/sync/dead-letters/dead-letters.ts';
import { orderPlaced } from '../events/events.ts';
import { uniqueId } from '../system/api-client.ts';
import type { TestSystem } from '../system/system.ts';
import { orderIn } from './order-steps.ts';
import { startReplay } from './replays.ts';

/** The state of the order that an example needs; the others take one that is confirmed. */
const ORDER_BEFORE: Readonly<Record<string, OrderStatus>> = {
  addItem: 'draft',
  removeItem: 'draft',
  changeShippingAddress: 'draft',
  submitOrder: 'draft',
  confirmOrder: 'submitted',
  deliverOrder: 'shipped',
  refundOrder: 'delivered',
};

/** Who makes something: its id in the example is to be a new one. */
const MAKES: Readonly<Record<string, string>> = {
  createOrder: 'order-1',
  placeOrder: 'order-2',
  executeCommand: 'order-3',
  registerCustomer: 'customer-1',
  addProduct: 'product-1',
};

/** The ids in an example of an operation, with what there is in the system instead: of its own, so that no example needs another. */
export async function realIds(system: TestSystem, operationId: string): Promise<ReadonlyMap<string, string>> {
  const { orderId, customerId, lamp } = await orderIn(system, ORDER_BEFORE[operationId] ?? 'confirmed');
  const ids = new Map([
    ['order-1', orderId],
    ['customer-1', customerId],
    ['product-1', lamp],
  ]);
  if (operationId === 'redriveDeadLetter') ids.set('order_details-0-17', await keepDeadLetter(system));
  if (operationId === 'getReplay') ids.set('replay-1', await startReplay(system, { readModel: 'order_search' }));
  const made = MAKES[operationId];
  return made === undefined ? ids : ids.set(made, uniqueId('made'));
}

/** JSON with other ids. */
export function withIds(json: unknown, ids: ReadonlyMap<string, string>): unknown {
  return JSON.parse(JSON.stringify(json), (_key, value) =>
    typeof value === 'string' ? (ids.get(value) ?? value) : value,
  );
}

/** A dead letter; returns its id. */
async function keepDeadLetter({ azure }: TestSystem): Promise<string> {
  const client = new CosmosClient(azure.cosmosDb.connectionString);
  const container = client.database('orders').container(DEAD_LETTERS.name);
  const body = JSON.stringify(orderPlaced({ aggregateId: uniqueId('order') }));
  const poison = { body, reason: 'it could not be handled once', partitionId: '0', sequenceNumber: 17 };
  await cosmosDeadLetters(container, () => new Date()).keep(ORDER_DETAILS.name, [poison]);
  const query = { query: 'SELECT * FROM c WHERE c.event = @event', parameters: [{ name: '@event', value: body }] };
  const { resources } = await container.items.query<{ readonly id: string }>(query).fetchAll();
  client.dispose();
  const [letter] = resources;
  if (letter === undefined) throw new Error('The dead letter was not kept.');
  return letter.id;
}
