import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeApi, problem, type SeenRequest, startFakeApi } from '../../support/import/fake-api.ts';
import { type Outcome, runImport } from '../../support/import/run-import.ts';

const SLICE = fileURLToPath(new URL('../../fixtures/online-retail-slice.csv', import.meta.url));

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
});
afterEach(() => api.close());

const run = (args: readonly string[], options?: Parameters<typeof runImport>[2]): Promise<Outcome> =>
  runImport(api.url, args, options);

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
      'skipped lines    8: 2 no customer, 2 quantity not positive, 1 cancelled invoice, 1 price not positive, 1 price finer than a penny, 1 invoice number not numeric',
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

  it('sends no order before all customers and products exist', async () => {
    await run([SLICE]);
    const paths = api.seen.filter(({ method }) => method === 'POST').map(({ path }) => path);
    expect(paths.slice(0, 9)).not.toContain('/api/orders');
  });

  it('reads each order back in the version that was placed, with a wait', async () => {
    await run([SLICE, '--limit', '1']);
    expect(api.seen.at(-1)).toMatchObject({
      path: '/api/orders/700001?minVersion=1',
      headers: { prefer: 'wait=5' },
    });
  });

  it('reuses its connections', async () => {
    const ports = new Set<number>();
    api.onConnection((port) => ports.add(port));
    await run([SLICE, '--concurrency', '2']);
    // The HTTP client opens one more per worker when a request starts just as the previous response ends.
    expect(ports.size).toBeLessThanOrEqual(4);
  });

  it('places only the first invoices when it is limited', async () => {
    await run([SLICE, '--limit', '2']);
    expect(posts('orders').map(({ body }) => body.orderId)).toEqual(['700001', '700002']);
  });

  it('shows its progress as plain lines when there is no terminal', async () => {
    const { stderr } = await run([SLICE]);
    expect(stderr).toContain('read back  7/7\n');
  });
});

describe('a second import of the file', () => {
  it('finds everything already there and creates nothing twice', async () => {
    await run([SLICE]);
    const { stdout } = await run([SLICE]);
    expect(stdout).toMatch(
      /0 placed, 7 already there[\s\S]*0 registered, 4 already there[\s\S]*0 added, 5 already there/,
    );
  });

  it('reads every order back again', async () => {
    await run([SLICE]);
    const { stdout, exitCode } = await run([SLICE]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('read back equal  7 of 7')]);
  });

  it('resumes where a limited import ended', async () => {
    await run([SLICE, '--limit', '2']);
    const { stdout } = await run([SLICE]);
    expect(stdout).toContain('5 placed, 2 already there');
  });

  it('counts what another client created as already there', async () => {
    api.intercept = ({ path }) =>
      path === '/api/customers' ? problem(409, 'customer-exists', 'Customer exists already.') : undefined;
    const { stdout } = await run([SLICE]);
    expect(stdout).toContain('0 registered, 4 already there');
  });
});

describe('a failure', () => {
  it('of one order is counted and shown, and the import continues', async () => {
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

  it('for lack of stock comes with an explanation', async () => {
    api.intercept = (request) =>
      isOrder(request, '700002') ? problem(422, 'insufficient-stock', '3 units were asked for.') : undefined;
    const { stdout } = await run([SLICE]);
    expect(stdout).toContain('keep their credit limit and stock');
  });

  it('is reported for an order number that was imported before with different content', async () => {
    api.intercept = (request) =>
      isOrder(request, '700002') ? problem(422, 'idempotency-key-reused', 'Other payload.') : undefined;
    const { stdout } = await run([SLICE]);
    expect(stdout).toContain('order 700002: idempotency-key-reused: Other payload.');
  });

  it('is reported for an order that reads back differently', async () => {
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

describe('during an import', () => {
  it.each([
    ['429', () => problem(429, 'throttled', 'Slow down.', { 'retry-after': '0' })],
    ['503', () => problem(503, 'unavailable', 'Not now.', { 'retry-after': '0' })],
    ['409 concurrent-update', () => problem(409, 'concurrent-update', 'Once more.', { 'retry-after': '0' })],
    ['a dropped connection', () => 'drop' as const],
  ])('%s is retried with the same idempotency key', async (_what, failure) => {
    let left = 2;
    api.intercept = (request) => (isOrder(request, '700002') && left-- > 0 ? failure() : undefined);
    await run([SLICE]);
    const attempts = posts('orders').filter((request) => isOrder(request, '700002'));
    expect(attempts.map(({ headers }) => headers['idempotency-key'])).toEqual(Array(3).fill('import-order-700002'));
  });

  it('a read from a read model that is behind is retried', async () => {
    let left = 3;
    api.intercept = ({ method }) =>
      method === 'GET' && left-- > 0 ? problem(503, 'read-model-behind', 'Wait.', { 'retry-after': '0' }) : undefined;
    const { stdout } = await run([SLICE]);
    expect(stdout).toContain('read back equal  7 of 7');
  });

  it('a token that is not accepted ends the import immediately', async () => {
    const { stdout, stderr, exitCode } = await run([SLICE, '--token', 'bad', '--concurrency', '1']);
    expect([exitCode, api.seen.length, stdout, stderr]).toEqual([
      1,
      1,
      '',
      expect.stringContaining(
        'does not accept the token (The token is not valid.). For the local system, run "npm run -s token',
      ),
    ]);
  });

  it('Ctrl-C ends the import with the report so far', async () => {
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

describe('the command line', () => {
  it.each([
    ['a missing file argument', [], 'Specify the file to import.'],
    ['two file arguments', [SLICE, 'b.csv'], 'Specify only one file. Unexpected argument: b.csv.'],
    ['an unknown option', [SLICE, '--fast'], "Unknown option '--fast'"],
    ['a limit of zero', [SLICE, '--limit', '0'], '--limit must be a whole number from 1'],
    [
      'a concurrency that is not a number',
      [SLICE, '--concurrency', 'x'],
      '--concurrency must be a whole number from 1 to 256',
    ],
    [
      'an unknown date order',
      [SLICE, '--date-order', 'dmy'],
      '--date-order must be month-first or day-first, not "dmy"',
    ],
    ['a URL with another protocol', [SLICE, '--url', 'ftp://a'], '--url must be an http or https address'],
  ])('rejects %s', async (_what, args, message) => {
    const { stderr, exitCode } = await run(args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('reports a missing file in a plain sentence', async () => {
    const { stderr, exitCode } = await run(['none.csv']);
    expect([exitCode, stderr]).toEqual([2, 'none.csv cannot be imported: there is no such file. Nothing was sent.\n']);
  });

  it('explains how to get a token when there is none', async () => {
    const { stderr, exitCode } = await run([SLICE, '--data', 'no-such-folder'], { token: '' });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('npm run -s token -- --role admin')]);
  });

  it('prints the usage for --help', async () => {
    const { stdout, exitCode } = await run(['--help']);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('npm run import -- <file.csv|.csv.gz>')]);
  });
});
