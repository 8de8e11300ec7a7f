import { describe, expect, it } from 'vitest';
import { REPORTS } from '../../../src/queries/reports/report.ts';
import { reportQuery } from '../../../src/queries/reports/report-query.ts';
import type { ReportRow, ReportSource } from '../../../src/queries/reports/report-source.ts';
import { synapseReports } from '../../../src/queries/reports/synapse-reports.ts';
import { callReport, reportsOf } from '../../support/lake/call-report.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

const rowsOf = (...rows: readonly ReportRow[]): ReportSource => ({
  query: async (sql) => (sql.includes('as_of') ? [{ as_of: null }] : rows),
  close: async () => undefined,
});
const byStatus = (status: string): ReportRow => ({ status, currency: 'JPY', orders: 1n, total: 3 });

describe('a report', () => {
  it('is 404 report-not-found for an unknown name', async () => {
    for (const name of ['daily-metric', 'toString', 'Daily-Metrics']) {
      expect(await callReport(reportsOf(rowsOf()), name)).toMatchObject({
        status: 404,
        body: { code: 'report-not-found' },
      });
    }
  });

  it('is 503 report-unavailable without a lake', async () => {
    expect(await callReport(undefined, 'daily-metrics')).toMatchObject({
      status: 503,
      body: { code: 'report-unavailable' },
    });
  });

  it('is 503 unavailable when the lake cannot be read', async () => {
    const broken: ReportSource = { ...rowsOf(), query: () => Promise.reject(new Error('no route')) };
    expect(await callReport(reportsOf(broken), 'daily-metrics')).toMatchObject({
      status: 503,
      body: { code: 'unavailable' },
    });
  });

  it('is 504 report-timeout when it takes too long, and its queries are ended', async () => {
    const runtime = simulatedRuntime();
    let running = 0;
    const slow: ReportSource = {
      ...rowsOf(),
      query: (_sql, _parameters, signal) =>
        new Promise((_resolve, reject) => {
          running += 1;
          signal.addEventListener('abort', () => {
            running -= 1;
            reject(new Error('cancelled'));
          });
        }),
    };
    const response = callReport(reportsOf(slow, 20_000), 'daily-metrics', 'admin', runtime);
    await expect.poll(() => running).toBe(2);
    await runtime.pass(20_000);
    expect(await response).toMatchObject({ status: 504, body: { code: 'report-timeout' } });
    expect(running).toBe(0);
  });

  it('is empty, and of no time, while the lake has no events', async () => {
    const { status, body } = await callReport(reportsOf(rowsOf()), 'daily-metrics');
    expect([status, body]).toEqual([200, { name: 'daily-metrics', asOf: null, items: [] }]);
  });

  it('has a continuation token while there are more rows', async () => {
    const reports = reportsOf(rowsOf(byStatus('confirmed'), byStatus('shipped')));
    const { body } = await callReport(reports, 'orders-by-status?limit=1');
    expect(body.items).toEqual([{ status: 'confirmed', currency: 'JPY', orders: 1, total: 3 }]);
    expect(body.continuationToken).toEqual(expect.any(String));
    expect((await callReport(reports, 'orders-by-status?limit=2')).body.continuationToken).toBeUndefined();
  });

  it.each(['daily-metrics?limit=1', 'orders-by-status?limit=1&from=2026-01-01'])(
    'rejects the continuation token of another list: %s',
    async (other) => {
      const reports = reportsOf(rowsOf(byStatus('confirmed'), byStatus('shipped')));
      const { body } = await callReport(reports, 'orders-by-status?limit=1');
      const answer = await callReport(reports, `${other}&continuationToken=${body.continuationToken}`);
      expect(answer).toMatchObject({ status: 400, body: { code: 'validation-failed' } });
    },
  );

  it('rejects a forged continuation token', async () => {
    const reports = reportsOf(rowsOf(byStatus('confirmed'), byStatus('shipped')));
    const { body } = await callReport(reports, 'orders-by-status?limit=1');
    const list = Buffer.from(body.continuationToken ?? '', 'base64url')
      .toString()
      .slice(0, 8);
    for (const position of ['', '[]', '["confirmed"]', '["confirmed",1]', '["a","b","c"]', '{}']) {
      const token = Buffer.from(`${list}${position}`).toString('base64url');
      const { status } = await callReport(reports, `orders-by-status?continuationToken=${token}`);
      expect([position, status]).toEqual([position, 400]);
    }
  });

  it.each([
    'from=2026-01-02&to=2026-01-01',
    'from=yesterday',
    'from=0000-01-01',
    'to=2026-01-01T00:00:00Z',
    'limit=0',
    'limit=101',
    'days=3',
    'from=2026-01-01&from=2026-01-01',
  ])('rejects the parameters %s', async (query) => {
    expect(await callReport(reportsOf(rowsOf()), `daily-metrics?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'validation-failed' },
    });
  });
});

describe('the query of a report', () => {
  it('has no value of the request in its text', () => {
    const { sql, parameters } = reportQuery(REPORTS['order-summary'], 'SELECT 1', {
      from: '2026-01-01',
      to: '2026-01-31',
      limit: 21,
      after: ['2026-01-15T10:30:00.000Z', "'; DROP TABLE orders --"],
    });
    expect(sql).not.toMatch(/2026|DROP/);
    expect(parameters).toEqual({
      from: { type: 'date', value: new Date('2026-01-01') },
      to: { type: 'date', value: new Date('2026-01-31') },
      after0: { type: 'time', value: new Date('2026-01-15T10:30:00.000Z') },
      after1: { type: 'text', value: "'; DROP TABLE orders --" },
    });
  });
});

describe('a query of the SQL endpoint', () => {
  it('binds its parameters by type, and is cancelled by the signal', async () => {
    const bound: unknown[] = [];
    const over = new AbortController();
    const cancelled = Promise.withResolvers<never>();
    const request = {
      input: (name: string, type: { readonly type?: unknown }, value: unknown) =>
        void bound.push([name, type.type, value]),
      cancel: () => cancelled.reject(new Error('Canceled.')),
      query: () => cancelled.promise,
    };
    const source = synapseReports({
      run: (work) => work(Object.assign(Object.create(null), { request: () => request })),
      close: async () => undefined,
    });
    const parameters = { from: { type: 'date', value: new Date(0) }, after0: { type: 'integer', value: 3 } } as const;
    const result = source.query('SELECT 1', parameters, over.signal);
    over.abort();
    await expect(result).rejects.toThrow('Canceled.');
    expect(bound.map((entry) => JSON.stringify(entry))).toEqual([
      expect.stringContaining('"from"'),
      expect.stringContaining('"after0"'),
    ]);
  });
});
