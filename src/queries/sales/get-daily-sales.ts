import * as z from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { listAnswers, listResponse } from '../../shared/http/list-response.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { utcDay } from '../../shared/http/times.ts';
import { invalid, validate } from '../../shared/http/validate.ts';
import { addExactly, sumToDecimal, toDecimal } from '../../shared/money.ts';
import { SALES_DAILY } from '../../shared/read-models/containers.ts';
import { laterOf } from '../../shared/read-models/later-of.ts';
import { readAll, toQuery } from '../../shared/read-models/paging.ts';
import type { DayTotal } from '../../shared/read-models/sales-daily.ts';
import type { QueriesApp } from '../app.ts';
import { requireRange } from '../reading/date-range.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';

const DAY_MS = 86_400_000;
/** Maximum days in one response. */
const MAX_DAYS = 366;

const parameters = z.object({ from: utcDay.optional(), to: utcDay.optional() });

const day = z
  .strictObject({
    date: z.iso.date().describe('UTC day on which the orders were placed.'),
    currency: z.string(),
    orders: z.int().describe('Number of orders placed on this day. Later cancellations and refunds do not change it.'),
    revenue: z.number().describe('Total of these orders. Later cancellations and refunds do not change it.'),
    averageOrderValue: z.number().describe('`revenue` divided by `orders`.'),
    uniqueCustomers: z.int(),
    cancelled: z.number().describe('Total of these orders that were cancelled since.'),
    refunded: z.number().describe('Total of these orders that were refunded since.'),
    netRevenue: z.number().describe('`revenue` less `cancelled` and `refunded`.'),
    version: z.int().positive(),
    lastUpdated: z.iso.datetime(),
  })
  .meta({ id: 'Day' });

const query: Query = {
  name: 'getDailySales',
  route: 'analytics/daily',
  summary: 'Lists sales per day and currency, newest first. The default range is the last 30 days.',
  roles: ['analyst', 'admin'],
  parameters,
  answers: listAnswers(day),
  problems: [],
};

export function getDailySales(app: QueriesApp): HttpFunction {
  return httpQuery(app, query, async ({ request }) => {
    const { from, to } = rangeOf(validate(parameters, queryParameters(request)), app.runtime.now());
    const totalsOfDays = toQuery('SELECT * FROM c WHERE c.type = @type AND c.date >= @from AND c.date <= @to', [
      ['@type', 'total'],
      ['@from', from],
      ['@to', to],
    ]);
    const totals = await readAll<DayTotal>(app.database.container(SALES_DAILY.name), totalsOfDays);
    const days = Map.groupBy(totals, ({ date, currency }) => `${date}|${currency}`);
    const documents = [...days].sort(([a], [b]) => b.localeCompare(a)).map(([, parts]) => addUp(parts));
    return listResponse({ documents, continuationToken: undefined }, toItem);
  });
}

/**
 * The days that a request asks for, by default the last 30. Throws Problem `validation-failed`.
 * @param now milliseconds since 1970
 */
export function rangeOf(
  { from, to }: z.output<typeof parameters>,
  now: number,
): { readonly from: string; readonly to: string } {
  const end = to ?? new Date(now).toISOString().slice(0, 10);
  const start = from ?? new Date(Date.parse(end) - 29 * DAY_MS).toISOString().slice(0, 10);
  requireRange({ from: start, to: end });
  const days = (Date.parse(end) - Date.parse(start)) / DAY_MS + 1;
  if (days > MAX_DAYS) {
    const message = `must be at most ${MAX_DAYS - 1} days before ${end}: a range has at most ${MAX_DAYS} days`;
    throw invalid([{ path: 'from', message }]);
  }
  return { from: start, to: end };
}

type Sums = Pick<
  DayTotal,
  'date' | 'currency' | 'orders' | 'revenue' | 'cancelled' | 'refunded' | 'uniqueCustomers' | 'version' | 'lastUpdated'
>;

/** Sums the parts of a day. No customer is in two parts, so unique customers can be summed too. */
function addUp(parts: readonly Sums[]): Sums {
  return parts.reduce((sums, part) => ({
    date: sums.date,
    currency: sums.currency,
    orders: sums.orders + part.orders,
    revenue: addExactly(sums.revenue, part.revenue),
    cancelled: addExactly(sums.cancelled, part.cancelled),
    refunded: addExactly(sums.refunded, part.refunded),
    uniqueCustomers: sums.uniqueCustomers + part.uniqueCustomers,
    version: sums.version + part.version,
    lastUpdated: laterOf(sums.lastUpdated, part.lastUpdated),
  }));
}

function toItem({
  date,
  currency,
  orders,
  uniqueCustomers,
  version,
  lastUpdated,
  ...amounts
}: Sums): z.output<typeof day> {
  const { revenue, cancelled, refunded } = amounts;
  return {
    date,
    currency,
    orders,
    revenue: sumToDecimal(revenue, currency),
    averageOrderValue: toDecimal(Math.round(Number(revenue) / orders), currency),
    uniqueCustomers,
    cancelled: sumToDecimal(cancelled, currency),
    refunded: sumToDecimal(refunded, currency),
    netRevenue: sumToDecimal(addExactly(addExactly(revenue, cancelled, -1), refunded, -1), currency),
    version,
    lastUpdated,
  };
}
