import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../scripts/import/main.ts';
import { countRows, query } from '../support/commands/write-store-rows.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

const SLICE = new URL('../fixtures/online-retail-slice.csv', import.meta.url).pathname;

interface Import {
  readonly exitCode: number;
  readonly stderr: string;
  /** The report's lines, but for those with measurements. */
  readonly facts: readonly string[];
}

let system: TestSystem;
let first: Import;
let rowsAfterFirst: Readonly<Record<string, unknown>>;
let second: Import;
beforeAll(async () => {
  system = await startSystem();
  first = await importSlice();
  rowsAfterFirst = countRows(system.writeStore);
  second = await importSlice();
});
afterAll(() => system.stop());

/** The command as on this machine: without a token, which it makes itself. */
async function importSlice(): Promise<Import> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const { signal } = new AbortController();
  const args = [SLICE, '--url', `${system.host.url}/api`, '--data', system.data];
  const exitCode = await main(args, { stdout, stderr, env: {}, signal });
  const report: string = stdout.read()?.toString() ?? '';
  const facts = report.split('\n').filter((line) => line !== '' && !/latency|orders\/s|sync lag|skipped/.test(line));
  return { exitCode, facts, stderr: stderr.read()?.toString() ?? '' };
}

const rows = (sql: string) => query(system.writeStore, sql).map((row) => Object.values(row));

describe('the first import', () => {
  it('places every order and reads every one back', () => {
    expect(first.facts).toEqual([
      'orders           7 placed, 0 already there',
      'lines            11',
      'customers        4 registered, 0 already there',
      'products         5 added, 0 already there',
      'revenue          2,158.93 GBP',
      'failures         0',
      'retries          0',
      'read back equal  7 of 7',
    ]);
    expect(first.exitCode).toBe(0);
  });

  it('leaves the rows of the orders in the write store', () => {
    expect(rows('SELECT OrderId, CustomerId, Status, Currency, Total, PlacedAt FROM Orders ORDER BY OrderId')).toEqual([
      ['700001', '20001', 'submitted', 'GBP', 1710, '2011-02-01T08:15:00.000Z'],
      ['700002', '20002', 'submitted', 'GBP', 805, '2011-02-01T08:31:00.000Z'],
      ['700003', '20001', 'submitted', 'GBP', 1008, '2011-02-01T09:02:00.000Z'],
      ['700006', '20003', 'submitted', 'GBP', 420, '2011-02-01T09:44:00.000Z'],
      ['700007', '20003', 'submitted', 'GBP', 450, '2011-02-02T10:00:00.000Z'],
      ['700010', '20005', 'submitted', 'GBP', 1500, '2011-02-02T11:00:00.000Z'],
      ['700011', '20005', 'submitted', 'GBP', 210000, '2011-02-02T12:00:00.000Z'],
    ]);
  });

  it('leaves the lines of each order in their order, also two of one product', () => {
    expect(
      rows("SELECT Line, ProductId, Quantity, Price FROM OrderItems WHERE OrderId = '700002' ORDER BY Line"),
    ).toEqual([
      [1, '10001A', 2, 255],
      [2, '10001A', 1, 295],
    ]);
  });
});

describe('the second import', () => {
  it('finds everything there', () => {
    expect(second.facts).toEqual([
      'orders           0 placed, 7 already there',
      'lines            11',
      'customers        0 registered, 4 already there',
      'products         0 added, 5 already there',
      'revenue          2,158.93 GBP',
      'failures         0',
      'retries          0',
      'read back equal  7 of 7',
    ]);
    expect(second.exitCode).toBe(0);
  });

  it('writes nothing', () => {
    expect(countRows(system.writeStore)).toEqual(rowsAfterFirst);
  });
});
