import { EXAMPLE_ORDER, EXAMPLE_ORDERS, realIds, withIds } from '../shop/examples.ts';
import { orderIn } from '../shop/order-steps.ts';
import { eventually, uniqueId } from '../system/api-client.ts';
import type { TestSystem } from '../system/system.ts';
import type { PublishedOperation } from './open-api.ts';
import { type Sent, sendExample } from './send-example.ts';

type Ids = ReadonlyMap<string, string>;

/** What the requests to all operations share. */
interface Shared {
  readonly admin: string;
  readonly customer: string;
  readonly withoutRole: string;
  readonly cancelledOrder: string;
  /** An idempotency key of a command that the admin has sent. */
  readonly usedKey: string;
}

/** The key in the body of an example. It takes precedence over the header. */
const KEY_IN_BODY = 'example-executeCommand';

/** Larger than the limit of a body, 256 KB. */
const TOO_LARGE = 'x'.repeat(300_000);

const quoteOf = (change: object): Sent => ({
  body: {
    customerId: 'c1',
    items: [{ productId: 'p1', quantity: 1 }],
    shippingAddress: { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' },
    ...change,
  },
});

/** Requests that only one operation needs to reach an answer. */
const OWN_REQUESTS: Readonly<Record<string, readonly Sent[]>> = {
  getOrderChanges: [{ query: { after: '99' } }],
  getReport: [{ ids: new Map([['daily-metrics', 'weekly-metrics']]) }],
  getDocsFile: [{ ids: new Map([['swagger-ui.css', 'other.css']]) }],
  quoteOrder: [quoteOf({ orderId: EXAMPLE_ORDER }), quoteOf({ items: [{ productId: 'p1', quantity: 100_000 }] })],
};

/** Prepares what the requests of {@link reachAnswers} need. */
export async function prepareRequests(system: TestSystem): Promise<Shared> {
  const sign = (roles: readonly string[], customerId?: string) =>
    system.azure.issuer.sign({ roles, customerId, lifetime: 3600 });
  const usedKey = uniqueId('key');
  const product = { productId: uniqueId('product'), name: 'Desk lamp', price: 29.99, stock: 1 };
  await system.as('admin').post('/products', product, { 'idempotency-key': usedKey });
  const ids = await realIds(system, 'getOrder');
  await eventually(
    () => system.as('admin').get(`/orders/${ids.get(EXAMPLE_ORDER)}?minVersion=5`),
    ({ status }) => status === 200,
  );
  return {
    admin: await sign(['admin']),
    customer: await sign(['customer'], uniqueId('customer')),
    withoutRole: await sign([]),
    cancelledOrder: (await orderIn(system, 'cancelled')).orderId,
    usedKey,
  };
}

/**
 * Sends the examples of an operation, and requests that are wrong in every way that operations have in common. Throws when an answer
 * is not as described. Resolves to the statuses of the answers.
 */
export async function reachAnswers(
  system: TestSystem,
  shared: Shared,
  operation: PublishedOperation,
): Promise<ReadonlySet<number>> {
  const { operationId } = operation;
  const ids = await realIds(system, operationId);
  const reached = new Set<number>();
  const send = async (request: Sent) => {
    const { status } = await sendExample(system, operation, request);
    reached.add(status);
    return status;
  };
  const accepted = bodiesOf(operation).map((body) => requestOf(body, ids, { token: shared.admin }));
  for (const request of accepted) {
    await eventually(
      () => send(request),
      (status) => status < 300,
    );
  }
  for (const request of wrongRequests(operation, ids, shared)) await send(request);
  return reached;
}

/** The example bodies of an operation. An operation without a body has one that is undefined. */
function bodiesOf({ requestBody }: PublishedOperation): readonly unknown[] {
  const examples = Object.values(requestBody?.content['application/json']?.examples ?? {});
  return examples.length === 0 ? [undefined] : examples.map(({ value }) => value);
}

/** A request with an example's body, in which the ids are replaced, and an idempotency key of its own. */
function requestOf(example: unknown, ids: Ids, request: Omit<Sent, 'ids' | 'body'>, key = uniqueId('key')): Sent {
  const headers = { 'idempotency-key': key, prefer: 'wait=0', ...request.headers };
  const body = example === undefined ? undefined : withIds(example, new Map([...ids, [KEY_IN_BODY, key]]));
  return { ...request, ids, headers, body };
}

function wrongRequests(operation: PublishedOperation, ids: Ids, shared: Shared): readonly Sent[] {
  const [example] = bodiesOf(operation);
  const { admin: token, customer, withoutRole, usedKey, cancelledOrder } = shared;
  const cancelled = new Map([...ids, ...EXAMPLE_ORDERS.map((id) => [id, cancelledOrder] as const)]);
  const unknown = new Map([...ids.keys()].map((id) => [id, uniqueId('nothing')]));
  const own = OWN_REQUESTS[operation.operationId] ?? [];
  return [
    requestOf(example, ids, { token }),
    requestOf(example, cancelled, { token }),
    requestOf(example, unknown, { token }),
    requestOf(example, ids, { token }, usedKey),
    requestOf(example, ids, { token, headers: { 'if-match': '"999"' } }),
    requestOf(example, ids, { token, headers: { 'if-none-match': '*' } }),
    requestOf(example, ids, { token, query: { unknown: '1' } }),
    requestOf(example, ids, { token: customer }),
    requestOf(example, ids, { token: withoutRole }),
    requestOf(example, ids, {}),
    ...('413' in operation.responses ? wrongBodies(requestOf(example ?? {}, ids, { token })) : []),
    ...own.map((request) => requestOf(request.body ?? example, request.ids ?? ids, { ...request, token })),
  ];
}

function wrongBodies(sent: Sent): readonly Sent[] {
  return [
    { ...sent, body: [] },
    { ...sent, body: TOO_LARGE },
    { ...sent, chunked: true },
    { ...sent, headers: { 'content-type': 'text/plain' } },
  ];
}
