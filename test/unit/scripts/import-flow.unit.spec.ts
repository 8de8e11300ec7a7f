import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../../scripts/import/main.ts';
import { type FakeApi, problem, type SeenRequest, startFakeApi } from '../../support/import/fake-api.ts';

const SLICE = new URL('../../fixtures/online-retail-slice.csv', import.meta.url).pathname;

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
});
afterEach(() => api.close());

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as the shell would, against the fake API unless the arguments name another. */
async function run(args: readonly string[], options: { signal?: AbortSignal; token?: string } = {}): Promise<Outcome> {
  const { signal = new AbortController().signal, token = 'good' } = options;
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exitCode = await main(['--url', api.url, ...args], { stdout, stderr, env: { IMPORT_TOKEN: token }, signal });
  const text = (stream: PassThrough): string => String(stream.read() ?? '');
  return { exitCode, stdout: text(stdout), stderr: text(stderr) };
}

const posts = (path: string): readonly SeenRequest[] => api.seen.filter((each) => each.path === `/api/${path}`);
const isOrder = (request: SeenRequest, id: string): boolean => request.body.orderId === id;

describe('an import', () => {
  it('reports what it did', async () => {
    const { stdout } = await run([SLICE]);
    expect(stdout.split('\n').filter((line) => !/latency|orders\/s/.test(line))).toEqual([
      'orders           7 placed, 0 already there',
      'lines            11',
      'customers        4 registered, 0 already there',
      'products         5 added, 0 already there',
      'revenue          2,158.93 GBP',
      'skipped lines    8: 2 no customer, 2 quantity not positive, 1 cancelled invoice, 1 price not positive, 1 price finer than a penny, 1 invoice number not of digits only',
      'failures         0',
      'retries          0',
      'sync lag         p50 43 ms, p95 43 ms, p99 43 ms (orders placed)',
      'read back equal  7 of 7',
      '',
    ]);
  });

  it('succeeds when every order reads back equal', async () => {
    const { exitCode } = await run([SLICE]);
    expect(exitCode).toBe(0);
  });

  it('sends no order before all customers and products are there', async () => {
    await run([SLICE]);
    const paths = api.seen.filter(({ method }) => method === 'POST').map(({ path }) => path);
    expect(paths.slice(0, 9)).not.toContain('/api/orders');
  });

  it('asks for each order in the version that was placed, with a wait', async () => {
    await run([SLICE, '--limit', '1']);
    expect(api.seen.at(-1)).toMatchObject({
      path: '/api/orders/700001?minVersion=1',
      headers: { prefer: 'wait=5' },
    });
  });

  it('keeps its connections', async () => {
    const ports = new Set<number>();
    api.onConnection((port) => ports.add(port));
    await run([SLICE, '--concurrency', '2']);
    // The HTTP client opens one more per worker when an answer's end and the next request meet.
    expect(ports.size).toBeLessThanOrEqual(4);
  });

  it('places the first invoices only when limited', async () => {
    await run([SLICE, '--limit', '2']);
    expect(posts('orders').map(({ body }) => body.orderId)).toEqual(['700001', '700002']);
  });

  it('shows its progress as plain lines when there is no terminal', async () => {
    const { stderr } = await run([SLICE]);
    expect(stderr).toContain('read back  7/7\n');
  });
});

describe('a second import of the file', () => {
  it('finds everything there and makes nothing twice', async () => {
    await run([SLICE]);
    const { stdout } = await run([SLICE]);
    expect(stdout).toMatch(
      /0 placed, 7 already there[\s\S]*0 registered, 4 already there[\s\S]*0 added, 5 already there/,
    );
  });

  it('reads every order back once more', async () => {
    await run([SLICE]);
    const { stdout, exitCode } = await run([SLICE]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('read back equal  7 of 7')]);
  });

  it('goes on where a limited one ended', async () => {
    await run([SLICE, '--limit', '2']);
    const { stdout } = await run([SLICE]);
    expect(stdout).toContain('5 placed, 2 already there');
  });

  it('takes what somebody else made as there already', async () => {
    api.intercept = ({ path }) =>
      path === '/api/customers' ? problem(409, 'customer-exists', 'Customer exists already.') : undefined;
    const { stdout } = await run([SLICE]);
    expect(stdout).toContain('0 registered, 4 already there');
  });
});

describe('a failure', () => {
  it('of an order is counted and shown, and the rest goes on', async () => {
    api.intercept = (request) =>
      isOrder(request, '700002') ? problem(422, 'empty-order', 'The order has no line.') : undefined;
    const { stdout, exitCode } = await run([SLICE]);
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringMatching(
        /6 placed[\s\S]*failures {9}1: 1 empty-order[\s\S]*order 700002: empty-order: The order has no line\./,
      ),
    ]);
  });

  it('for lack of stock or credit comes with what to do', async () => {
    api.intercept = (request) =>
      isOrder(request, '700002') ? problem(422, 'insufficient-stock', '3 units were asked for.') : undefined;
    const { stdout } = await run([SLICE]);
    expect(stdout).toContain('keep their credit limit and stock');
  });

  it('is an order whose number was imported before with other content', async () => {
    api.intercept = (request) =>
      isOrder(request, '700002') ? problem(422, 'idempotency-key-reused', 'Other payload.') : undefined;
    const { stdout } = await run([SLICE]);
    expect(stdout).toContain('order 700002: idempotency-key-reused: Other payload.');
  });

  it('is an order that reads back different', async () => {
    api.intercept = ({ method, path, body }) => {
      if (method === 'POST' || !path.includes('700002')) return undefined;
      const items = [
        { line: 1, productId: '10001A', quantity: 2, price: 2.55, lineTotal: 5.1 },
        { line: 2, productId: '10001A', quantity: 1, price: 2.59, lineTotal: 2.59 },
      ];
      const rest = { orderId: '700002', customerId: '20002', currency: 'GBP', placedAt: '2011-02-01T08:31:00Z' };
      return { status: 200, body: { ...body, ...rest, items, total: 8.05 } };
    };
    const { stdout, exitCode } = await run([SLICE]);
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringContaining('order 700002 read back: differs: items.1.price is 2.59, the file has 2.95'),
    ]);
  });
});

describe('trouble on the way', () => {
  it.each([
    ['429', () => problem(429, 'throttled', 'Slow down.', { 'retry-after': '0' })],
    ['503', () => problem(503, 'unavailable', 'Not now.', { 'retry-after': '0' })],
    ['409 concurrent-update', () => problem(409, 'concurrent-update', 'Once more.', { 'retry-after': '0' })],
    ['a dropped connection', () => 'drop' as const],
  ])('%s is retried with the same key', async (_what, trouble) => {
    let left = 2;
    api.intercept = (request) => (isOrder(request, '700002') && left-- > 0 ? trouble() : undefined);
    await run([SLICE]);
    const tries = posts('orders').filter((request) => isOrder(request, '700002'));
    expect(tries.map(({ headers }) => headers['idempotency-key'])).toEqual(Array(3).fill('import-order-700002'));
  });

  it('a read model that is behind is asked again', async () => {
    let left = 3;
    api.intercept = ({ method }) =>
      method === 'GET' && left-- > 0 ? problem(503, 'read-model-behind', 'Wait.', { 'retry-after': '0' }) : undefined;
    const { stdout } = await run([SLICE]);
    expect(stdout).toContain('read back equal  7 of 7');
  });

  it('a token that is not accepted ends it at once', async () => {
    const { stdout, stderr, exitCode } = await run([SLICE, '--token', 'bad', '--concurrency', '1']);
    expect([exitCode, api.seen.length, stdout, stderr]).toEqual([
      1,
      1,
      '',
      expect.stringContaining(
        'does not accept the token (The token is not valid.). For the system on this machine, "npm run -s token',
      ),
    ]);
  });

  it('Ctrl-C ends it with the report so far', async () => {
    const interrupt = new AbortController();
    api.intercept = (request) => {
      if (isOrder(request, '700002')) interrupt.abort();
      return undefined;
    };
    const { stdout, stderr, exitCode } = await run([SLICE, '--concurrency', '1'], { signal: interrupt.signal });
    expect([exitCode, stdout, stderr]).toEqual([
      1,
      expect.stringContaining('2 placed, 0 already there'),
      expect.stringContaining('Interrupted'),
    ]);
  });
});

describe('wrong input', () => {
  it.each([
    ['no file', [], 'Name the file to import.'],
    ['two files', [SLICE, 'b.csv'], 'Name one file, not also b.csv.'],
    ['an unknown option', [SLICE, '--fast'], "Unknown option '--fast'"],
    ['a limit of nothing', [SLICE, '--limit', '0'], '--limit must be a whole number from 1'],
    [
      'a concurrency that is no number',
      [SLICE, '--concurrency', 'x'],
      '--concurrency must be a whole number from 1 to 256',
    ],
    ['another protocol', [SLICE, '--url', 'ftp://a'], '--url must be an http or https address'],
  ])('%s is told with the usage', async (_what, args, message) => {
    const { stderr, exitCode } = await run(args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('a missing file is a plain sentence', async () => {
    const { stderr, exitCode } = await run(['none.csv']);
    expect([exitCode, stderr]).toEqual([2, 'none.csv cannot be imported: there is no such file. Nothing was sent.\n']);
  });

  it('no token is told with the way to get one', async () => {
    const { stderr, exitCode } = await run([SLICE, '--data', 'no-such-folder'], { token: '' });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('npm run -s token -- --role admin')]);
  });

  it('--help prints the usage', async () => {
    const { stdout, exitCode } = await run(['--help']);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('npm run import -- <file.csv|.csv.gz>')]);
  });
});
