import * as z from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { listResponse } from '../../shared/http/list-response.ts';
import { inDigits, queryParameters, wholeNumber } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { addExactly, sumToDecimal } from '../../shared/money.ts';
import { SALES_LIVE } from '../../shared/read-models/containers.ts';
import { laterOf } from '../../shared/read-models/later-of.ts';
import { readAll, toQuery } from '../../shared/read-models/paging.ts';
import {
  type HourWindows,
  hourOf,
  type LiveProgress,
  MAX_MINUTES,
  type MinuteSales,
} from '../../shared/read-models/sales-live.ts';
import type { QueriesApp } from '../app.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';

const MINUTE_MS = 60_000;

const parameters = z.object({
  minutes: inDigits(
    wholeNumber.min(1, 'must be at least 1').max(MAX_MINUTES, `must be at most ${MAX_MINUTES}`).default(60),
  ).describe('The number of minutes, the current one included.'),
});

const minuteSales = z
  .strictObject({
    minute: z.iso.datetime().describe('Start of the UTC minute in which the orders were placed.'),
    currency: z.string(),
    orders: z
      .int()
      .describe('Number of orders placed in this minute. Later cancellations and refunds do not change it.'),
    revenue: z.number().describe('Total of these orders. Later cancellations and refunds do not change it.'),
    version: z.int().positive(),
    lastUpdated: z.iso.datetime(),
  })
  .meta({ id: 'MinuteSales' });

const liveSales = z.strictObject({
  items: z
    .array(minuteSales)
    .describe(
      'Oldest first, then by currency. Minutes without orders are left out. An order counts in the minute of its `placedAt`, for 25 hours: an order that arrives later is only in the daily sales.',
    ),
  watermark: z.iso
    .datetime()
    .describe(
      'Up to when the items are complete: every order whose event the event hub received before this time is counted. Later ones may be counted already. Determined twice a minute; until it is first known, the start of the first minute of the response.',
    ),
});

const query: Query = {
  name: 'getLiveSales',
  route: 'analytics/live',
  summary: 'Lists orders and revenue per minute and currency, oldest first.',
  roles: ['analyst', 'admin'],
  parameters,
  answers: { 200: { description: 'The minutes, and up to when they are complete.', schema: liveSales } },
  problems: [],
};

/** What the query selects: the windows of an hour's part, or the progress. */
type Found = Partial<Pick<HourWindows, 'hour' | 'windows'> & Pick<LiveProgress, 'completeUpTo'>>;

export function getLiveSales(app: Pick<QueriesApp, 'authenticate' | 'database' | 'runtime'>): HttpFunction {
  return httpQuery(app, query, async ({ request }) => {
    const { minutes } = validate(parameters, queryParameters(request));
    const from = firstMinute(app.runtime.now(), minutes);
    const recent = toQuery(
      'SELECT c.hour, c.windows, c.completeUpTo FROM c WHERE c.hour >= @from OR IS_DEFINED(c.completeUpTo)',
      [['@from', hourOf(from)]],
    );
    const found = await readAll<Found>(app.database.container(SALES_LIVE.name), recent);
    const { jsonBody, ...response } = listResponse(
      { documents: windowsSince(from, found), continuationToken: undefined },
      ({ revenue, ...item }) => ({ ...item, revenue: sumToDecimal(revenue, item.currency) }),
    );
    return { ...response, jsonBody: { ...jsonBody, watermark: watermarkOf(found) ?? from } };
  });
}

/** @param now milliseconds since 1970 */
function firstMinute(now: number, minutes: number): string {
  const current = Math.floor(now / MINUTE_MS);
  return new Date((current - minutes + 1) * MINUTE_MS).toISOString();
}

const watermarkOf = (found: readonly Found[]): string | undefined =>
  found.find(({ completeUpTo }) => completeUpTo !== undefined)?.completeUpTo;

interface Window extends MinuteSales {
  readonly minute: string;
  readonly currency: string;
}

/** The windows from a minute on, oldest first, each summed over the parts of its hour. */
function windowsSince(from: string, found: readonly Found[]): readonly Window[] {
  const windows = new Map<string, Window>();
  for (const part of found.flatMap(windowsIn)) {
    const key = `${part.minute}|${part.currency}`;
    const other = windows.get(key);
    windows.set(key, other === undefined ? part : addUp(other, part));
  }
  return [...windows]
    .filter(([, { minute }]) => minute >= from)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([, window]) => window);
}

const windowsIn = ({ hour, windows = {} }: Found): readonly Window[] =>
  Object.entries(windows).map(([key, sales]) => {
    const [minute, currency = ''] = key.split('|');
    return { minute: `${hour}:${minute}:00.000Z`, currency, ...sales };
  });

const addUp = (window: Window, part: MinuteSales): Window => ({
  ...window,
  orders: window.orders + part.orders,
  revenue: addExactly(window.revenue, part.revenue),
  version: window.version + part.version,
  lastUpdated: laterOf(window.lastUpdated, part.lastUpdated),
});
