import { HttpRequest, type HttpResponseInit, InvocationContext } from '@azure/functions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '../../../bench/memory-store.ts';
import type { DispatchingApp } from '../../../src/commands/app.ts';
import { commands } from '../../../src/commands/functions.ts';
import { httpCommand } from '../../../src/commands/http/command-endpoint.ts';
import { executeCommand } from '../../../src/commands/http/execute-command.ts';
import { removeLine } from '../../../src/commands/orders/remove-line.ts';
import type { Actor } from '../../../src/shared/auth/authenticate.ts';
import type { HttpFunction } from '../../../src/shared/functions/app-function.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { envelopeOf, openCommandBus, type SentCommand } from '../../support/commands/command-bus.ts';
import { ADDRESS } from '../../support/commands/commits.ts';

const ADMIN: Actor = { userId: 'admin', roles: new Set(['admin']), customerId: undefined };
const KEY = { 'idempotency-key': 'key-1' };

let store: Awaited<ReturnType<typeof openMemoryStore>>;
let app: DispatchingApp;
beforeEach(async () => {
  store = await openMemoryStore();
  const bus = openCommandBus(store);
  app = { commands, runtime: systemRuntime, authenticate: async () => ADMIN, services: async () => ({ bus }) };
  const items = [1, 2].map((quantity) => ({ productId: 'lamp', quantity }));
  const given: readonly SentCommand[] = [
    { type: 'RegisterCustomer', data: { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit: 100 } },
    { type: 'AddProduct', data: { productId: 'lamp', name: 'Lamp', price: 10, stock: 10 } },
    { type: 'CreateOrder', data: { orderId: 'o', customerId: 'ada', items, shippingAddress: ADDRESS } },
  ];
  for (const command of given) await bus.dispatch(envelopeOf(command));
});
afterEach(() => store.close());

type Sent = Partial<ConstructorParameters<typeof HttpRequest>[0]> & { readonly json?: string };

/** The answer to a request, with the body of a problem parsed. */
async function send({ operation, handler }: HttpFunction, { json, headers, ...sent }: Sent) {
  const request = new HttpRequest({
    ...{ url: 'http://localhost/api/commands', method: operation.method, ...sent },
    headers: { 'content-type': 'application/json', ...headers },
    ...(json !== undefined && { body: { string: json } }),
  });
  const answer: HttpResponseInit = (await handler(request, new InvocationContext())) ?? {};
  const body: unknown = typeof answer.body === 'string' ? JSON.parse(answer.body) : answer.jsonBody;
  return { status: answer.status, headers: new Headers(answer.headers), body };
}

const sendEnvelope = (json: string, headers = {}) => send(executeCommand(app), { json, headers });

describe('the data in an envelope', () => {
  it('can be left out', async () => {
    expect(await sendEnvelope('{"commandType":"SubmitOrder","aggregateId":"o"}')).toMatchObject({ status: 202 });
  });

  it.each<[string, string, string]>([
    ['have a key that the command does not have', '{"__proto__":{"reason":"x"}}', '__proto__'],
    ['be null', 'null', 'data'],
    ['be a list', '[]', 'data'],
    ['be a text', '"x"', 'data'],
  ])('cannot %s', async (_what, data, path) => {
    const answer = await sendEnvelope(`{"commandType":"SubmitOrder","aggregateId":"o","data":${data}}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation-failed', errors: [{ path }] } });
  });
});

describe('a command whose data is in the route', () => {
  const removeLine2 = (line: string) =>
    send(httpCommand(app, removeLine, { method: 'DELETE', route: 'orders/{orderId}/lines/{line}' }), {
      headers: KEY,
      params: { orderId: 'o', line },
    });

  it('gets the first answer when it is sent again in an envelope, or with the same number in other digits', async () => {
    const envelope = '{"commandType":"RemoveLine","aggregateId":"o","data":{"line":2}}';
    const answers = [await removeLine2('2'), await sendEnvelope(envelope, KEY), await removeLine2('02')];
    const shown = answers.map(({ status, headers }) => [status, headers.get('idempotency-replayed')]);
    expect(shown).toEqual([
      [202, null],
      [202, 'true'],
      [202, 'true'],
    ]);
  });
});
