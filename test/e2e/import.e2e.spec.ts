import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../scripts/import/main.ts';
import { countRows, query } from '../support/commands/write-store-rows.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

const SLICE = fileURLToPath(new URL('../fixtures/online-retail-slice.csv', import.meta.url));

interface Import {
  readonly exitCode: number;
  readonly stderr: string;
  /** The lines of the report without those that hold measurements. */
  readonly facts: readonly string[];
}

let system: TestSystem;
let first: Import;
let rowsAfterFirst: Readonly<Record<string, unknown>>;
let second: Import;
beforeAll(async () => {
  system = await startSystem();
  first = await importFile(SLICE);
  rowsAfterFirst = countRows(system.writeStore);
  second = await importFile(SLICE);
});
afterAll(() => system.stop());

/** Runs the import of a file without a token. It signs its own, as on a laptop. */
async function importFile(file: string): Promise<Import> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const { signal } = new AbortController();
  const args = [file, '--url', `${system.host.url}/api`, '--data', system.data];
  const exitCode = await main(args, { stdout, stderr, env: {}, signal });
  const report: string = stdout.read()?.toString() ?? '';
  const facts = report.split('\n').filter((line) => line !== '' && !/latency|orders\/s|sync lag|skipped/.test(line));
  return { exitCode, facts, stderr: stderr.read()?.toString() ?? '' };
}

const rows = (sql: string) => query(system.writeStore, sql).map((row) => Object.values(row));

describe('the first import', () => {
  it('places every order and reads each one back', () => {
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

  it('stores one row per order in the write store', () => {
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

  it('stores the lines of an order in sequence, including two lines of one product', () => {
    expect(
      rows("SELECT Line, ProductId, Quantity, Price FROM OrderItems WHERE OrderId = '700002' ORDER BY Line"),
    ).toEqual([
      [1, '10001A', 2, 255],
      [2, '10001A', 1, 295],
    ]);
  });
});

describe('the second import', () => {
  it('finds every order, customer and product already there', () => {
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

describe('an import of unusual stock codes, names and sizes', () => {
  const HAN = '商品'.repeat(30);
  const LONG = 'x'.repeat(64);
  const ROWS = [
    '0,900001.0,85123/A,"TIN\r\nLANTERN",6.0,2010-12-01 08:26:00,2.55,17850.0,United Kingdom',
    `1,900001.0,A\\B~2F,${'🎉'.repeat(150)},1.0,2010-12-01 08:26:00,0.1,17850.0,United Kingdom`,
    `2,900002.0,${HAN},,1.0,2010-12-01T08:26:00+01:00,0.1,17850.0,United Kingdom`,
    `3,900002.0,${LONG},"",1.0,2010-12-01T08:26:00+01:00,0.1,17850.0,United Kingdom`,
    `4,900002.0,${LONG}x,TOO LONG,1.0,2010-12-01T08:26:00+01:00,0.1,17850.0,United Kingdom`,
    // 542 lines at 0.10 GBP, 0.11 GBP, and so on.
    ...Array.from({ length: 542 }, (_, index) => {
      const price = ((index + 10) / 100).toFixed(2);
      return `5,900003.0,85123/A,NAME,1.0,2010-12-01 08:26:00,${price},17850.0,United Kingdom`;
    }),
  ];
  let unusual: Import;
  let again: Import;
  beforeAll(async () => {
    const file = join(system.data, 'unusual.csv');
    const header = ',Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country';
    await writeFile(file, [header, ...ROWS, ''].join('\n'));
    unusual = await importFile(file);
    again = await importFile(file);
  });

  it('succeeds and reads every order back equal', () => {
    expect(unusual.facts).toEqual([
      'orders           4 placed, 0 already there',
      'lines            546',
      'customers        1 registered, 0 already there',
      'products         4 added, 0 already there',
      'revenue          1,535.91 GBP',
      'failures         0',
      'retries          0',
      'read back equal  4 of 4',
    ]);
    expect(unusual.exitCode).toBe(0);
  });

  it('says which line is skipped and which invoice is split', () => {
    expect(unusual.stderr).toContain('Line 7 is skipped: stock code too long.\n');
    expect(unusual.stderr).toContain('Invoice 900003 has 542 lines, but an order has at most 500');
  });

  it('stores ids without slashes, and names on one line with whole characters', () => {
    const imported = rows(
      "SELECT ProductId, Name FROM Products WHERE ProductId NOT LIKE '1000%' AND ProductId <> 'BANK CHARGES'",
    );
    expect(imported).toEqual(
      expect.arrayContaining([
        ['85123~2FA', 'TIN LANTERN'],
        ['A~5CB~7E2F', '🎉'.repeat(100)],
        [HAN, HAN],
        [LONG, LONG],
      ]),
    );
  });

  it('creates nothing twice', () => {
    expect([again.exitCode, again.facts[0]]).toEqual([0, 'orders           0 placed, 4 already there']);
  });
});
