import { execFile, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BlobServiceClient, type BlockBlobClient, type ContainerClient } from '@azure/storage-blob';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDevelopmentIssuer } from '../../local/development-issuer.ts';
import { spawnFunctionsHost } from '../../local/functions-host/spawn.ts';
import { query } from '../support/commands/write-store-rows.ts';
import { startFakeSqlServer } from '../support/sql-server/fake-sql-server.ts';
import { apiClient, eventually } from '../support/system/api-client.ts';
import { PORT_OPTIONS, takenPort } from '../support/system/ports.ts';
import { isRunning, type Program, runNode } from '../support/system/program.ts';

let folder: string;
let running: Program | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-'));
});
afterEach(() => running?.kill());
afterAll(() => rm(folder, { recursive: true }));

/** Starts a program of `local/` on free ports, except for the given ones. */
function start(file: string, data: string, ports: Readonly<Record<string, number>> = {}): Program {
  const options = PORT_OPTIONS.flatMap((option) => [option, String(ports[option] ?? 0)]);
  return runNode([`local/${file}`, ...options, '--data', join(folder, data)]);
}

/** Starts a program that ends with the test at the latest. */
function run(...program: Parameters<typeof start>): Program {
  running = start(...program);
  return running;
}

/** Makes the programs of a test use the SQL server on this port. */
function useServer(port: number): void {
  vi.stubEnv('SQL_CONNECTION_STRING', `Server=localhost,${port};Database=orders;User Id=app;Password=secret`);
  onTestFinished(() => void vi.unstubAllEnvs());
}

const READY = 'Ctrl-C stops it';
/** What `npm start` prints first. */
const STARTING = 'Starting the functions and the stand-ins for Azure …\n';
/** Whether files have modes that say who can read them. */
const HAS_MODES = process.platform !== 'win32';

/** The printed commands that a user can paste into a shell, with their order id or one from an earlier start. */
function printedCommands(program: Program, inPlaceOf?: string) {
  const lines = program.stdout().split('\n');
  const curls = lines.filter((line) => line.startsWith('curl '));
  const printedId = /"orderId":"([0-9a-f-]{36})"/.exec(curls[0] ?? '')?.[1] ?? '';
  const orderId = inPlaceOf ?? printedId;
  return {
    token: lines.find((line) => line.startsWith('TOKEN=')) ?? '',
    curls: curls.map((line) => line.replaceAll(printedId, orderId)),
    orderId,
  };
}

/** The order without a version to wait for: the read models are complete when the system is ready. */
function readAtOnce({ curls }: ReturnType<typeof printedCommands>): string {
  return curls[1]?.replace('minVersion=1&', '') ?? '';
}

/** Runs a `curl -i` command in a shell and returns the status and JSON body that it printed. */
async function runInShell(command: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const { stdout } = await promisify(execFile)('sh', ['-c', command]);
  const [head = '', body = ''] = stdout.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), body: JSON.parse(body) };
}

/** The process of a program's functions host. */
const hostOf = (program: Program): number | undefined =>
  program.descendants().find((pid) => commandOf(pid).includes('functions-host'));

/** The command line of a process; empty when it has ended. */
const commandOf = (pid: number): string =>
  spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;

/** Places and reads an order with the printed commands. */
async function tryCommands(program: Program) {
  const { token, curls, orderId } = printedCommands(program);
  const placed = await runInShell(`${token}; ${curls[0]}`);
  const read = await runInShell(`${token}; ${curls[1]}`);
  return { orderId, placed, read };
}

/** Sends Ctrl-C and expects exit code 0, no error output and no process left. */
async function expectCleanExit(program: Program): Promise<void> {
  const processes = program.descendants();
  program.interrupt();
  expect([await program.ended(), program.stderr()]).toEqual([0, '']);
  expect(processes.filter(isRunning)).toEqual([]);
}

describe('npm start', () => {
  /** The first system on the folder "kept", and what its commands have printed. */
  let first: Program;
  let firstOrder: Awaited<ReturnType<typeof tryCommands>>;
  beforeAll(async () => {
    first = start('start.ts', 'kept');
    await first.printed(READY);
    firstOrder = await tryCommands(first);
  });
  afterAll(() => first.kill());

  it('runs the whole system, prints commands to try, and stops on Ctrl-C', async () => {
    expect(first.stdout()).toMatch(/placeOrder: \[POST\] http:\/\/localhost:\d+\/api\/orders\n/);
    expect(first.stdout()).toMatch(/projectOrderDetails: eventHubTrigger/);
    expect(first.stdout().match(/healthLive: /g)).toHaveLength(1);
    expect(first.stdout()).not.toContain('{"ready"');
    const [, consoleUrl = ''] = /The console and a shop to try: (\S+)/.exec(first.stdout()) ?? [];
    expect(await (await fetch(consoleUrl)).text()).toContain('<title>Orders console</title>');
    const [, lagUrl = ''] = /getLag: \[GET,HEAD\] (\S+)/.exec(first.stdout()) ?? [];
    expect(new URL(lagUrl).origin).toBe(new URL(consoleUrl).origin);
    expect((await fetch(lagUrl)).status).toBe(401);
    const { orderId, placed, read } = firstOrder;
    expect(placed).toMatchObject({ status: 202, body: { orderId } });
    expect(read).toMatchObject({ status: 200, body: { orderId, customerName: 'Ada Lovelace' } });
    await expectCleanExit(first);
  });

  it('keeps orders across restarts, and refuses a folder that another system uses', async () => {
    const again = run('start.ts', 'kept');
    await again.printed(READY);
    const refused = start('start.ts', 'kept');
    expect([await refused.ended(), refused.stderr()]).toEqual([
      1,
      `Another process uses the folder ${join(folder, 'kept')}. Stop it, or choose another folder with --data.\n`,
    ]);
    const { orderId, read } = firstOrder;
    const commands = printedCommands(again, orderId);
    expect(again.stdout()).not.toContain('Rebuilding');
    expect(await runInShell(`${commands.token}; ${readAtOnce(commands)}`)).toEqual(read);
    expect(await runInShell(`${commands.token}; ${commands.curls[0]}`)).toMatchObject({ status: 202 });
    expect(query(join(folder, 'kept', 'orders.db'), 'SELECT OrderId FROM Orders')).toEqual([{ OrderId: orderId }]);
    await expectCleanExit(again);
  });

  it.each([
    ['everything but the write store', ['event-hubs.db', 'cosmos-db.db', 'storage']],
    ['the hub', ['event-hubs.db']],
    ['the read models', ['cosmos-db.db']],
  ])('rebuilds what is missing: %s', async (_what, missing) => {
    for (const file of missing) await rm(join(folder, 'kept', file), { recursive: true });
    const eventsBefore = query(join(folder, 'kept', 'orders.db'), 'SELECT EventId FROM Events').length;
    const next = run('start.ts', 'kept');
    await next.printed(READY);
    const again = printedCommands(next, firstOrder.orderId);
    expect(next.stdout()).toContain(`Rebuilding the read models from ${eventsBefore} events`);
    expect(await runInShell(`${again.token}; ${readAtOnce(again)}`)).toEqual(firstOrder.read);
    expect(await tryCommands(next)).toMatchObject({ placed: { status: 202 }, read: { status: 200 } });
    await expectCleanExit(next);
  });

  it('stops on Ctrl-C while it is starting', async () => {
    vi.stubEnv('NODE_OPTIONS', `--import ${new URL('../fixtures/functions-host-that-hangs.mjs', import.meta.url)}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const program = run('start.ts', 'interrupted');
    await eventually(
      () => hostOf(program),
      (host) => host !== undefined,
    );
    await expectCleanExit(program);
    expect(program.stdout()).not.toContain(READY);
  });

  it('reports all ports that are in use, and leaves no process running', async () => {
    const port = await takenPort();
    const ports = Object.fromEntries(PORT_OPTIONS.map((option) => [option, port]));
    const program = run('start.ts', 'refused', ports);
    expect([await program.ended(), program.stdout(), program.stderr()]).toEqual([
      1,
      STARTING,
      `Ports ${PORT_OPTIONS.map((option) => `${port} (${option})`).join(', ')} are in use. Stop the programs that use them, such as another "npm start", or choose other ports with these options.\n`,
    ]);
  });

  it('reports an invalid setting once and without a stack trace', async () => {
    vi.stubEnv('DEFAULT_CURRENCY', 'dollars');
    onTestFinished(() => void vi.unstubAllEnvs());
    const program = run('start.ts', 'wrong-setting');
    expect(await program.ended()).toBe(1);
    expect(program.stderr()).toBe(
      'Settings are missing or wrong:\n  - DEFAULT_CURRENCY: must be an ISO 4217 code such as USD\n',
    );
    expect(program.stdout()).not.toContain('DEFAULT_CURRENCY');
  });

  it('keeps the orders on the server that SQL_CONNECTION_STRING names, and ends with an error when its functions host is killed', async () => {
    const server = await startFakeSqlServer();
    onTestFinished(() => server.stop());
    useServer(server.port);
    const program = run('start.ts', 'elsewhere');
    await program.printed(READY);
    expect(program.stdout()).toContain('nothing was seeded');
    const before = server.received().length;
    const [, apiUrl] = /(http:\/\/localhost:\d+\/api)/.exec(program.stdout()) ?? [];
    expect(await fetch(`${apiUrl}/health/ready`).then(({ status }) => status)).toBe(200);
    expect(server.received().length).toBeGreaterThan(before);
    expect(existsSync(join(folder, 'elsewhere', 'orders.db'))).toBe(false);

    const processes = program.descendants();
    process.kill(hostOf(program) ?? 0, 'SIGKILL');
    expect([await program.ended(), program.stderr()]).toEqual([1, 'The functions host stopped unexpectedly.\n']);
    expect(processes.filter(isRunning)).toEqual([]);
  });

  it('reports a server that refuses the login, and leaves no process running', async () => {
    const server = await startFakeSqlServer();
    onTestFinished(() => server.stop());
    server.refuseLogins(18456);
    useServer(server.port);
    const program = run('start.ts', 'refused-login');
    expect([await program.ended(), program.stdout()]).toEqual([1, STARTING]);
    expect(program.stderr()).toContain('SQL_CONNECTION_STRING cannot be used');
    expect(program.stderr()).toContain('Refused with 18456.');
    expect(program.stderr()).not.toContain('    at ');
  });
});

describe('a data folder that cannot be used', () => {
  it('is refused in one sentence, and keeps its data', async () => {
    const first = run('azure.ts', 'unusable');
    await first.printed(READY);
    await expectCleanExit(first);
    const path = join(folder, 'unusable');
    const masterKey = join(path, 'master-key.json');
    const wayOut = `restore the file from a backup, or remove the folder ${path} to start from nothing.`;

    await rename(masterKey, `${masterKey}.kept`);
    const lost = run('start.ts', 'unusable');
    expect([await lost.ended(), lost.stdout(), lost.stderr()]).toEqual([
      1,
      STARTING,
      `${masterKey} is missing, and only this key can decrypt the personal data in ${path}: ${wayOut}\n`,
    ]);
    await rename(`${masterKey}.kept`, masterKey);

    const issuerKey = join(path, 'development-issuer', 'private-key.json');
    await writeFile(issuerKey, '{');
    const damaged = run('start.ts', 'unusable');
    expect([await damaged.ended(), damaged.stdout(), damaged.stderr()]).toEqual([
      1,
      STARTING,
      `${issuerKey} is damaged: remove it, and the next start creates another one.\n`,
    ]);
    await rm(issuerKey);

    const last = run('azure.ts', 'unusable');
    await last.printed(READY);
    expect(last.stdout()).not.toContain('rebuilt');
    await expectCleanExit(last);
  });

  it('is refused in one sentence when it is a file', async () => {
    await writeFile(join(folder, 'file'), '');
    const program = run('start.ts', 'file');
    expect([await program.ended(), program.stderr()]).toEqual([
      1,
      `${join(folder, 'file')} is not a folder: choose another one with --data.\n`,
    ]);
  });
});

/** The files of a folder that other users can read, and the folder itself if they can. */
async function openPathsIn(folder: string): Promise<readonly string[]> {
  const paths = await readdir(folder, { recursive: true });
  expect(paths).toContain('master-key.json');
  return [folder, ...paths.map((path) => join(folder, path))].filter((path) => statSync(path).mode & 0o077);
}

/** Expects a program to have reported a folder that others can read, and to have made the keys private again. */
function expectReported(program: Program, folder: string, keys: readonly string[]): void {
  expect(program.stderr()).toBe(
    `Other users of this machine can read the folder ${folder}, which holds keys and personal data: run chmod -R go= '${folder}'.\n`,
  );
  expect(keys.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
}

describe('npm run azure', () => {
  it('runs the services in a private folder, reports a folder that others can read, and leaves the timers of running functions alone when it is restarted', async () => {
    const path = join(folder, 'restarted');
    const keys = [join(path, 'master-key.json'), join(path, 'development-issuer', 'private-key.json')];
    const first = run('azure.ts', 'restarted');
    await first.printed(READY);
    expect(first.stdout()).toMatch(/^Event Hubs .*\nCosmos DB .*\nWeb PubSub .*\nStorage /m);
    await lockOfTimer(first).container.create();
    await lockOfTimer(first).blob.upload('', 0);
    const { leaseId } = await lockOfTimer(first).blob.getBlobLeaseClient().acquireLease(60);
    if (HAS_MODES) expect(await openPathsIn(path)).toEqual([]);
    await expectCleanExit(first);

    if (HAS_MODES) for (const file of [path, ...keys]) await chmod(file, 0o755);
    const second = run('azure.ts', 'restarted');
    await second.printed(READY);
    await expect(lockOfTimer(second).blob.getBlobLeaseClient(leaseId).renewLease()).resolves.toBeDefined();
    if (HAS_MODES) expectReported(second, path, keys);
    second.interrupt();
    expect(await second.ended()).toBe(0);
  });

  it('seeds customers and products for functions started with the settings it prints', async () => {
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
    await expectCleanExit(program);
  });
});

/** Where the Functions host holds the lease of a timer. */
function lockOfTimer(program: Program): { readonly container: ContainerClient; readonly blob: BlockBlobClient } {
  const { AzureWebJobsStorage = '' } = printedSettings(program);
  const container =
    BlobServiceClient.fromConnectionString(AzureWebJobsStorage).getContainerClient('azure-webjobs-hosts');
  return { container, blob: container.getBlockBlobClient('locks/orders/Host.Functions.relayOutbox.Listener') };
}

/** Settings from the printed lines `export NAME='value'`. */
function printedSettings(program: Program): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...program.stdout().matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

describe.each(['start.ts', 'azure.ts'])('the command line of %s', (file) => {
  it('lists its options with --help', async () => {
    running = runNode([`local/${file}`, '--help']);
    expect(await running.ended()).toBe(0);
    for (const option of [...PORT_OPTIONS, '--data']) expect(running.stdout()).toContain(option);
  });

  it('rejects an unknown option with an explanation', async () => {
    running = runNode([`local/${file}`, '--port', '7071']);
    expect(await running.ended()).toBe(2);
    expect(running.stderr()).toContain("Unknown option '--port'");
    expect(running.stderr()).toMatch(/ Try --help\.\n$/);
  });
});
