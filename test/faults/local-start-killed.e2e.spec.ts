import { expect, it } from 'vitest';
import { openDevelopmentIssuer } from '../../local/development-issuer.ts';
import { query } from '../support/commands/write-store-rows.ts';
import { type ApiClient, apiClient, eventually } from '../support/system/api-client.ts';
import { localPrograms, READY } from '../support/system/local-programs.ts';
import { isRunning, type Program } from '../support/system/program.ts';
import { IS_WHOLE } from '../support/system/progress.ts';

const KILLS = IS_WHOLE ? 3 : 2;
const ORDERS_AT_ONCE = 8;
const ACCEPTED_BEFORE_KILL = 40;

const { pathOf, run } = localPrograms();

it('npm start has every accepted order in the read models after all its processes are killed under load', async () => {
  const accepted: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const { program, customer } = await start();
    await placeOrdersUntil(customer, accepted, accepted.length + ACCEPTED_BEFORE_KILL, kill);
    await killAll(program);
  }
  const { program, customer } = await start();
  const stored = query(pathOf('killed', 'orders.db'), 'SELECT OrderId, Version FROM Orders');
  const read = await Promise.all(stored.map(({ OrderId }) => customer.get(`/orders/${OrderId}`)));
  const wrong = stored.filter(({ OrderId, Version }, index) => {
    const { status, body } = read[index] ?? {};
    return status !== 200 || body.orderId !== OrderId || body.version !== Version;
  });
  const missing = accepted.filter((id) => !stored.some(({ OrderId }) => OrderId === id));
  expect({ wrong, missing, rebuilt: program.stdout().includes('Rebuilding') }).toEqual({
    wrong: [],
    missing: [],
    rebuilt: false,
  });
  await killAll(program);
});

async function start(): Promise<{ readonly program: Program; readonly customer: ApiClient }> {
  const program = run('start.ts', 'killed');
  await program.printed(READY);
  const url = /curl -i (http:\S+\/api)\/orders/.exec(program.stdout())?.[1] ?? '';
  const issuer = await openDevelopmentIssuer(pathOf('killed', 'development-issuer'));
  const token = () => issuer.sign({ roles: ['customer'], customerId: 'c1', lifetime: 600 });
  return { program, customer: apiClient(() => url, token) };
}

/** Leaves requests under way when enough are accepted. */
async function placeOrdersUntil(customer: ApiClient, accepted: string[], enough: number, round: number): Promise<void> {
  const reached = Promise.withResolvers<void>();
  const place = async (client: number) => {
    for (let n = 0; ; n++) {
      const orderId = `order-${round}-${client}-${n}`;
      const { status, body } = await customer.post('/orders', {
        orderId,
        customerId: 'c1',
        items: [{ productId: 'p1', quantity: 1 }],
        shippingAddress: { street: '12 St James Square', city: 'London', state: 'LND', zip: 'SW1Y 4JH' },
      });
      if (status !== 202) throw new Error(JSON.stringify(body));
      accepted.push(orderId);
      if (accepted.length >= enough) reached.resolve();
    }
  };
  const clients = Array.from({ length: ORDERS_AT_ONCE }, (_, client) => place(client));
  for (const client of clients) client.catch(reached.reject); // after the kill nobody listens any more
  await reached.promise;
}

/** kill -9 of the program and of everything it has started. */
async function killAll(program: Program): Promise<void> {
  const processes = program.descendants();
  await program.kill();
  for (const pid of processes.filter(isRunning)) process.kill(pid, 'SIGKILL');
  await eventually(
    () => processes.filter(isRunning),
    (left) => left.length === 0,
  );
}
