import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDevelopmentIssuer } from '../../local/development-issuer.ts';
import { spawnFunctionsHost } from '../../local/functions-host/spawn.ts';
import { query } from '../support/commands/write-store-rows.ts';
import { apiClient, eventually } from '../support/system/api-client.ts';
import { isRunning, type Program, runNode } from '../support/system/program.ts';

/** Twice what it takes on a busy machine. */
vi.setConfig({ testTimeout: 60_000 });

const PORT_OPTIONS = [
  '--functions-port',
  '--event-hubs-port',
  '--cosmos-db-port',
  '--blob-port',
  '--queue-port',
  '--table-port',
];

let folder: string;
let running: Program | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-'));
});
afterEach(() => running?.kill());
afterAll(() => rm(folder, { recursive: true }));

/** Runs a program of `local/` on free ports, but for those given. */
function run(file: string, data: string, ports: Readonly<Record<string, number>> = {}): Program {
  const options = PORT_OPTIONS.flatMap((option) => [option, String(ports[option] ?? 0)]);
  running = runNode([`local/${file}`, ...options, '--data', join(folder, data)]);
  return running;
}

/** A port that something listens on until the test is over. */
async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens on no port.');
  return address.port;
}

const READY = 'Ctrl-C ends it';

/** The commands that are printed to be pasted into a shell. */
function printedCommands(program: Program): { readonly token: string; readonly curls: readonly string[] } {
  const lines = program.stdout().split('\n');
  return {
    token: lines.find((line) => line.startsWith('TOKEN=')) ?? '',
    curls: lines.filter((line) => line.startsWith('curl ')),
  };
}

/** The order without a version to wait for: the read models are whole when it is ready. */
function readAtOnce({ curls }: ReturnType<typeof printedCommands>): string {
  return curls[1]?.replace('minVersion=1&', '') ?? '';
}

/** Status and JSON body of what `curl -i` printed. */
async function inShell(command: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const { stdout } = await promisify(execFile)('sh', ['-c', command]);
  const [head = '', body = ''] = stdout.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), body: JSON.parse(body) };
}

/** The command line of a process. */
const commandOf = (pid: number): string =>
  execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });

/** Ctrl-C; expects a good end that leaves no process behind. */
async function expectGoodEnd(program: Program): Promise<void> {
  const processes = program.descendants();
  program.interrupt();
  expect([await program.ended(), program.stderr()]).toEqual([0, '']);
  expect(processes.filter(isRunning)).toEqual([]);
}

describe('npm start', () => {
  it('runs everything, says what to try, keeps the orders until the next start, and ends with Ctrl-C', async () => {
    const first = run('start.ts', 'kept');
    await first.printed(READY);
    expect(first.stdout()).toMatch(/placeOrder: \[POST\] http:\/\/localhost:\d+\/api\/orders\n/);
    expect(first.stdout()).toMatch(/projectOrderDetails: eventHubTrigger/);
    expect(first.stdout()).not.toContain('{"ready"');
    const { token, curls } = printedCommands(first);
    const [placeOrder, readOrder] = curls;
    expect(await inShell(`${token}; ${placeOrder}`)).toMatchObject({ status: 202, body: { orderId: 'order-1' } });
    const order = await inShell(`${token}; ${readOrder}`);
    expect(order).toMatchObject({ status: 200, body: { orderId: 'order-1', customerName: 'Ada Lovelace' } });
    await expectGoodEnd(first);

    const second = run('start.ts', 'kept');
    await second.printed(READY);
    const again = printedCommands(second);
    expect(second.stdout()).not.toContain('Rebuilding');
    expect(await inShell(`${again.token}; ${readAtOnce(again)}`)).toEqual(order);
    expect(await inShell(`${again.token}; ${again.curls[0]}`)).toMatchObject({ status: 202 });
    expect(query(join(folder, 'kept', 'orders.db'), 'SELECT OrderId FROM Orders')).toEqual([{ OrderId: 'order-1' }]);
    await expectGoodEnd(second);
  });

  it('rebuilds the read models of a folder that has the write store alone', async () => {
    const first = run('start.ts', 'older');
    await first.printed(READY);
    const { token, curls } = printedCommands(first);
    await inShell(`${token}; ${curls[0]}`);
    const order = await inShell(`${token}; ${curls[1]}`);
    await expectGoodEnd(first);
    for (const derived of ['event-hubs.db', 'cosmos-db.db', 'storage']) {
      await rm(join(folder, 'older', derived), { recursive: true });
    }

    const second = run('start.ts', 'older');
    await second.printed(READY);
    const again = printedCommands(second);
    expect(second.stdout()).toMatch(/Rebuilding the read models from 6 events/);
    expect(await inShell(`${again.token}; ${readAtOnce(again)}`)).toEqual(order);
    await expectGoodEnd(second);
  });

  it('ends with Ctrl-C also while it starts', async () => {
    const program = run('start.ts', 'interrupted');
    await eventually(
      () => program.descendants(),
      (processes) => processes.length === 2,
    );
    await expectGoodEnd(program);
    expect(program.stdout()).not.toContain(READY);
  });

  it.each(PORT_OPTIONS)('names the port of %s when it is in use, and leaves nothing running', async (option) => {
    const port = await takenPort();
    const program = run('start.ts', 'refused', { [option]: port });
    expect([await program.ended(), program.stdout(), program.stderr()]).toEqual([
      1,
      '',
      `Port ${port} (${option}) is in use: end what listens there, such as another "npm start", or give another port with that option.\n`,
    ]);
  });

  it('refuses a data folder that another one runs on, which is not disturbed', async () => {
    const first = run('azure.ts', 'shared');
    await first.printed(READY);
    const second = run('start.ts', 'shared');
    expect([await second.ended(), second.stderr()]).toEqual([
      1,
      `Another system runs on the folder ${join(folder, 'shared')}: stop that one, or give this one its own with --data.\n`,
    ]);
    await expectGoodEnd(first);
  });

  it('ends, and says so, when its functions host is killed', async () => {
    const program = run('start.ts', 'host-killed');
    await program.printed(READY);
    const processes = program.descendants();
    const host = processes.find((pid) => commandOf(pid).includes('functions-host'));
    process.kill(host ?? 0, 'SIGKILL');
    expect([await program.ended(), program.stderr()]).toEqual([1, 'The functions host has ended by itself.\n']);
    expect(processes.filter(isRunning)).toEqual([]);
  });

  it('says once, without a stack trace, which setting is wrong', async () => {
    vi.stubEnv('CHANGES_STREAM_SECONDS', '9999');
    onTestFinished(() => void vi.unstubAllEnvs());
    const program = run('start.ts', 'wrong-setting');
    expect([await program.ended(), program.stderr()]).toEqual([1, 'The function app is in error.\n']);
    expect(program.stdout().match(/ {2}- CHANGES_STREAM_SECONDS: must be at most 220\n/g)).toHaveLength(1);
    expect(program.stdout()).not.toContain('    at ');
  });

  it('names all ports that are in use', async () => {
    const port = await takenPort();
    const program = run('start.ts', 'refused', { '--functions-port': port, '--blob-port': port });
    await program.ended();
    expect(program.stderr()).toContain(`Ports ${port} (--functions-port), ${port} (--blob-port) are in use`);
  });
});

describe('npm run azure', () => {
  it('runs the services, says where they are, and ends with Ctrl-C', async () => {
    const program = run('azure.ts', 'azure');
    await program.printed(READY);
    for (const service of ['Event Hubs', 'Cosmos DB', 'Storage']) expect(program.stdout()).toContain(service);
    await expectGoodEnd(program);
  });

  it('has customers and products for the functions that are started with the settings it prints', async () => {
    const program = run('azure.ts', 'for-func');
    await program.printed(READY);
    const host = await spawnFunctionsHost({ root: '.', env: printedSettings(program) });
    onTestFinished(() => host.stop());
    const issuer = await openDevelopmentIssuer(join(folder, 'for-func', 'development-issuer'));
    const c1 = apiClient(
      () => `${host.url}/api`,
      () => issuer.sign({ roles: ['customer'], customerId: 'c1', lifetime: 600 }),
    );
    const order = {
      orderId: 'order-1',
      customerId: 'c1',
      items: [{ productId: 'p1', quantity: 2 }],
      shippingAddress: { street: '12 St James Square', city: 'London', state: 'LND', zip: 'SW1Y 4JH' },
    };
    expect(await c1.post('/orders', order)).toMatchObject({ status: 202 });
    const read = await eventually(
      () => c1.get('/orders/order-1?minVersion=1'),
      ({ status }) => status === 200,
    );
    expect(read.body).toMatchObject({ customerName: 'Ada Lovelace' });
    await host.stop();
    await expectGoodEnd(program);
  });
});

/** The lines `export NAME='value'`. */
function printedSettings(program: Program): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...program.stdout().matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

describe.each(['start.ts', 'azure.ts'])('the options of %s', (file) => {
  it('are told by --help', async () => {
    running = runNode([`local/${file}`, '--help']);
    expect(await running.ended()).toBe(0);
    for (const option of [...PORT_OPTIONS, '--data']) expect(running.stdout()).toContain(option);
  });

  it.each([
    ['--port', '7071', "Unknown option '--port'"],
    ['--blob-port', 'x', '--blob-port must be a port from 0 (a free one) to 65535, not x.'],
  ])('%s %s is refused in plain words', async (option, value, message) => {
    running = runNode([`local/${file}`, option, value]);
    expect(await running.ended()).toBe(2);
    expect(running.stderr()).toContain(message);
    expect(running.stderr()).toMatch(/ Try --help\.\n$/);
  });
});
