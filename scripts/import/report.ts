import { type MinorUnits, toDecimal } from '../../src/shared/money.ts';
import { formatPercentiles } from '../cli/percentiles.ts';
import { CURRENCY } from './commands.ts';
import type { SkipReason } from './read-invoices.ts';
import type { Failure, Tally } from './tally.ts';

/** Maximum number of failures shown in full. */
const MAX_SHOWN_FAILURES = 5;

export interface ReportInput {
  readonly tally: Tally;
  readonly skipped: ReadonlyMap<SkipReason, number>;
  /** Number of orders to place. */
  readonly wanted: number;
  readonly retries: number;
}

/** Whether the import succeeded: no failures, and every order read back equal. */
export function isSuccess({ tally, wanted }: ReportInput): boolean {
  return tally.failures.length === 0 && tally.equal === wanted;
}

/** Formats the report, one fact per line. */
export function formatReport(input: ReportInput): string {
  const { tally, skipped, wanted, retries } = input;
  const { orders, customers, products, failures } = tally;
  const rows: readonly (readonly [string, string])[] = [
    ['orders', `${count(orders.created)} placed, ${count(orders.existing)} already there`],
    ['lines', count(tally.lines)],
    ['customers', `${count(customers.created)} registered, ${count(customers.existing)} already there`],
    ['products', `${count(products.created)} added, ${count(products.existing)} already there`],
    ['revenue', formatAmount(tally.revenue)],
    ['skipped lines', formatCounts(skipped)],
    ['failures', formatCounts(countBy(failures, ({ code }) => code))],
    ['retries', count(retries)],
    ['orders/s', formatRate(orders, tally.placingMs)],
    ['command latency', `${formatPercentiles(tally.commandLatencies)} (orders placed)`],
    ['sync lag', `${formatPercentiles(tally.syncLags)} (orders placed)`],
    ['read back equal', `${count(tally.equal)} of ${count(wanted)}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    ...describeFailures(failures),
    ...remedyFor(failures),
  ].join('\n');
}

function describeFailures(failures: readonly Failure[]): readonly string[] {
  if (failures.length === 0) return [];
  const shown = failures.slice(0, MAX_SHOWN_FAILURES).map(({ what, code, detail }) => `  ${what}: ${code}: ${detail}`);
  const more = failures.length - shown.length;
  return ['', 'Failures:', ...shown, ...(more > 0 ? [`  and ${count(more)} more`] : [])];
}

/** Customers and products that already exist keep their credit and stock, which may be too low for the file. */
function remedyFor(failures: readonly Failure[]): readonly string[] {
  if (!failures.some(({ code }) => code === 'insufficient-stock' || code === 'credit-limit-exceeded')) return [];
  return [
    '',
    'Customers and products that already existed keep their credit limit and stock, which are too low for this file.',
    'Raise them (PUT /customers/{id}/credit-limit, POST /products/{id}/stock) and run the import again. No order is',
    'placed twice.',
  ];
}

/** Formats counts as `16,324: 15,593 no customer, 728 cancelled invoice`, most frequent first. */
function formatCounts(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const sum = sorted.reduce((total, [, n]) => total + n, 0);
  if (sum === 0) return '0';
  return `${count(sum)}: ${sorted.map(([name, n]) => `${count(n)} ${name}`).join(', ')}`;
}

function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of items.map(keyOf)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function count(value: number): string {
  return value.toLocaleString('en-GB');
}

function formatAmount(amount: MinorUnits): string {
  const decimal = toDecimal(amount, CURRENCY).toLocaleString('en-GB', { minimumFractionDigits: 2 });
  return `${decimal} ${CURRENCY}`;
}

function formatRate({ created, existing }: Tally['orders'], milliseconds: number): string {
  return milliseconds === 0 ? 'no data' : (((created + existing) * 1000) / milliseconds).toFixed(1);
}
