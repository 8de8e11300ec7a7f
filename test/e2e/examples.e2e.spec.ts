import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PublishedOperation, publishedOperations } from '../support/http/open-api.ts';
import { seedSystem } from '../support/shop/seed-system.ts';
import { eventually } from '../support/system/api-client.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
  await seedSystem(system);
});
afterAll(() => system.stop());

/** The commands of the documentation page in reading order: the life of one order, other orders, customers, products. */
const WALK = [
  'registerCustomer',
  'addProduct',
  'changeCustomerContact',
  'changeCreditLimit',
  'changePrice',
  'adjustStock',
  'renameProduct',
  'createOrder',
  'addItem',
  'changeQuantity',
  'removeLine',
  'removeItem',
  'changeShippingAddress',
  'submitOrder',
  'confirmOrder',
  'shipOrder',
  'deliverOrder',
  'refundOrder',
  'placeOrder',
  'cancelOrder',
  'executeCommand',
  'discontinueProduct',
  'eraseCustomer',
];
/** Queries for what the commands have written. */
const QUERIES = [
  'getOrder',
  'getOrderChanges',
  'getCurrentOrder',
  'getCustomer',
  'getCustomerOrders',
  'getCustomerSummary',
  'getProduct',
];

const operation = (operationId: string): PublishedOperation => {
  const found = publishedOperations.find((published) => published.operationId === operationId);
  if (found === undefined) throw new Error(`The description has no ${operationId}.`);
  return found;
};

/** Sends an example exactly as the page shows it. */
async function run(operationId: string): Promise<string> {
  const { method, path, parameters, requestBody } = operation(operationId);
  const example = (name: string) => parameters.find((parameter) => parameter.name === name)?.example ?? '';
  const [body] = Object.values(requestBody?.content['application/json']?.examples ?? {});
  const key = example('Idempotency-Key');
  const { status } = await system.as('admin').send(
    method,
    path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => example(name)),
    {
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key !== '' && { 'idempotency-key': key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body.value) }),
    },
  );
  return `${operationId} ${status}`;
}

describe('the examples of the documentation page on a seeded system', () => {
  it('include every command', () => {
    const commands = publishedOperations.filter(({ responses }) => '202' in responses);
    const notCommands = [
      'startReplay',
      'redriveDeadLetter',
      'redriveDeadLetters',
      'discardDeadLetter',
      'replayWebhook',
    ];
    const ids = commands.map(({ operationId }) => operationId).filter((id) => !notCommands.includes(id));
    expect([...ids].sort()).toEqual([...WALK].sort());
  });

  it('are all accepted one after another, and again the second time', async () => {
    for (const _time of [1, 2]) {
      const statuses = [];
      for (const operationId of WALK) statuses.push(await run(operationId));
      expect(statuses).toEqual(WALK.map((operationId) => `${operationId} 202`));
    }
  });

  it.each(QUERIES)('find what the commands have written: %s', async (operationId) => {
    await eventually(
      () => run(operationId),
      (answer) => answer === `${operationId} 200`,
    );
  });
});
