import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GOOD, lines, row, useCsvFolder } from '../../support/import/csv-files.ts';
import { type FakeApi, type SeenRequest, startFakeApi } from '../../support/import/fake-api.ts';
import { runImport } from '../../support/import/run-import.ts';

const folder = useCsvFolder();
let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
});
afterEach(() => api.close());

const posts = (path: string): readonly SeenRequest[] => api.seen.filter((each) => each.path === `/api/${path}`);

describe('an import of a file with lines that the API would not accept', () => {
  it('places an invoice of more than 500 lines as several orders, says so and succeeds', async () => {
    const rows = Array.from({ length: 542 }, (_, index) => `581219,P${index},NAME,1,2011-12-08T09:28:00,0.1,7`);
    const { exitCode, stdout, stderr } = await runImport(api.url, [await folder.write(lines(...rows))]);
    expect(posts('orders').map(({ body }) => body.orderId)).toEqual(expect.arrayContaining(['581219', '581219-2']));
    expect([exitCode, stdout, stderr]).toEqual([
      0,
      expect.stringMatching(/2 placed[\s\S]*lines {12}542\n[\s\S]*revenue {10}54\.20 GBP[\s\S]*equal {2}2 of 2/),
      expect.stringContaining(
        'Invoice 581219 has 542 lines, but an order has at most 500: it is 2 orders, 581219, 581219-2.\n',
      ),
    ]);
  });

  it('limits the invoices, not the orders that they become', async () => {
    const rows = Array.from({ length: 501 }, (_, index) => `1,P${index},NAME,1,2011-12-08T09:28:00,0.1,7`);
    const { stdout } = await runImport(api.url, [
      await folder.write(lines(...rows, '2,P1,NAME,1,2011-12-08T09:28:00,0.1,7')),
      '--limit',
      '1',
    ]);
    expect(stdout).toContain('read back equal  2 of 2');
  });

  it('says which lines it skips, counts the rest of them, and succeeds', async () => {
    const tooLong = Array.from({ length: 25 }, () => `1,${'x'.repeat(65)},NAME,1,2011-12-08T09:28:00,0.1,7`);
    const { exitCode, stdout, stderr } = await runImport(api.url, [await folder.write(lines(GOOD, ...tooLong))]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('skipped lines    25: 25 stock code too long')]);
    expect(stderr.match(/Line \d+ is skipped: stock code too long\.\n/g)).toHaveLength(20);
    expect(stderr).toContain('And 5 more such lines.\n');
  });

  it('sends nothing when the order of its dates is ambiguous', async () => {
    const path = await folder.write(lines(row({ InvoiceDate: '1/12/2011 9:28' })));
    const { exitCode, stderr } = await runImport(api.url, [path]);
    expect([exitCode, api.seen, stderr]).toEqual([2, [], expect.stringContaining('Add --date-order month-first')]);
  });

  it('reads its dates in the order that the command line gives', async () => {
    await runImport(api.url, [
      await folder.write(lines(row({ InvoiceDate: '1/12/2011 9:28' }))),
      '--date-order',
      'day-first',
    ]);
    expect(posts('orders')[0]?.body.placedAt).toBe('2011-12-01T09:28:00.000Z');
  });
});
