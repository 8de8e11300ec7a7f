import { describe, expect, it } from 'vitest';
import { formatReport, isSuccess, type ReportInput } from '../../../scripts/import/report.ts';
import { createTally, type Tally } from '../../../scripts/import/tally.ts';
import { percentile } from '../../../src/shared/percentile.ts';

function report(tally: Partial<Tally> = {}): ReportInput {
  return { tally: { ...createTally(), ...tally }, skipped: new Map(), wanted: 2, retries: 0 };
}
const failure = { what: 'order 1', code: 'empty-order', detail: 'It has no line.' };

describe('the report', () => {
  it('shows the revenue to the penny', () => {
    expect(formatReport(report({ revenue: 57_271_389 }))).toContain('revenue          572,713.89 GBP\n');
  });

  it('keeps the zeros of a round revenue', () => {
    expect(formatReport(report({ revenue: 100_000 }))).toContain('1,000.00 GBP');
  });

  it('shows the percentiles of the latencies', () => {
    const commandLatencies = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(formatReport(report({ commandLatencies }))).toContain('command latency  p50 50 ms, p95 95 ms, p99 99 ms');
  });

  it('says so when there is nothing to measure', () => {
    expect(formatReport(report())).toContain('command latency  no data');
  });

  it('shows orders per second', () => {
    expect(formatReport(report({ orders: { made: 30, known: 0 }, placingMs: 2_000 }))).toContain(
      'orders/s         15.0',
    );
  });

  it('shows the first failures and how many there are more', () => {
    const failures = Array.from({ length: 7 }, () => failure);
    expect(formatReport(report({ failures }))).toMatch(
      /(?: {2}order 1: empty-order: It has no line\.\n){5} {2}and 2 more$/,
    );
  });
});

describe('success', () => {
  it('is every order read back equal', () => {
    expect(isSuccess(report({ equal: 2 }))).toBe(true);
  });

  it('is not when an order is missing', () => {
    expect(isSuccess(report({ equal: 1 }))).toBe(false);
  });

  it('is not when something failed', () => {
    expect(isSuccess(report({ equal: 2, failures: [failure] }))).toBe(false);
  });
});

describe('a percentile', () => {
  it('is a value that was measured', () => {
    expect(percentile([3, 1, 2], 50)).toBe(2);
  });

  it('of nothing is undefined', () => {
    expect(percentile([], 99)).toBeUndefined();
  });
});
