import * as z from 'zod';
import { ORDER_STATUSES, type OrderStatus } from '../../shared/events/order-events.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { toDecimal } from '../../shared/money.ts';
import type { OrderSearchEntry } from '../../shared/read-models/order-search.ts';
import { pageParameters } from '../../shared/read-models/paging.ts';
import { MAX_INDEXED_WORDS } from '../../shared/read-models/search-words.ts';
import { ORDERS_LIST } from '../../shared/search/search-lists.ts';
import type { QueriesApp } from '../app.ts';
import { fromTime, requireRange, toTime } from '../reading/date-range.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';
import { searchText } from '../reading/word-search.ts';
import { answerSearch, matchParameter, searchAnswers } from '../search/answer-search.ts';
import type { SearchCondition } from '../search/search-conditions.ts';

const parameters = z.object({
  q: searchText({
    example: 'lamp ada',
    note: `Only the first words of an order count: at most ${MAX_INDEXED_WORDS}.`,
  }),
  match: matchParameter,
  status: z.enum(ORDER_STATUSES).optional(),
  from: fromTime.optional(),
  to: toTime.optional(),
  ...pageParameters,
});

const foundOrder = z
  .strictObject({
    orderId: z.string(),
    customerId: z.string(),
    customerName: z.string(),
    status: z.enum(ORDER_STATUSES),
    currency: z.string(),
    total: z.number(),
    itemCount: z.int().describe('Number of lines.'),
    placedAt: z.iso.datetime(),
    version: z.int().positive(),
    lastUpdated: z.iso.datetime(),
  })
  .meta({ id: 'FoundOrder' });

/** Analysts never see a person. */
const analystOrder = foundOrder
  .omit({ customerId: true, customerName: true })
  .strip()
  .meta({ id: 'FoundOrderForAnalysts' });

const query: Query = {
  name: 'searchOrders',
  route: 'orders',
  summary: 'Searches placed orders by customer name, order id, product name, status and date. Newest first.',
  roles: ['admin', 'analyst'],
  tracedReaders: ['admin'],
  parameters,
  answers: searchAnswers(foundOrder, { analyst: analystOrder }),
  problems: [],
};

/** The properties that a search reads. The words of an order stay in the database: they are most of its entry. */
const READ = {
  admin: [...foundOrder.keyof().options, 'sortKey'],
  analyst: [...analystOrder.keyof().options, 'sortKey'],
} as const;
type FoundEntry = Pick<OrderSearchEntry, (typeof READ)['analyst'][number]> & Partial<OrderSearchEntry>;

export function searchOrders(app: QueriesApp): HttpFunction {
  return httpQuery(app, query, async ({ request, actor }) => {
    const { status, from, to, ...wanted } = validate(parameters, queryParameters(request));
    requireRange({ from, to });
    const role = actor.roles.has('admin') ? 'admin' : 'analyst';
    const conditions = [statusIs(status), placedFrom(from), placedUntil(to)];
    const search = { ...wanted, conditions, list: ORDERS_LIST, words: SEARCHED[role], properties: READ[role] };
    return answerSearch<FoundEntry>(app.search, search, ITEM[role]);
  });
}

const statusIs = (status: OrderStatus | undefined): SearchCondition | undefined =>
  status && {
    sql: 'c.status = @status',
    parameters: { '@status': status },
    search: { filter: `status eq '${status}'` },
  };

const placedFrom = (from: string | undefined): SearchCondition | undefined =>
  from === undefined
    ? undefined
    : {
        sql: 'c.placedAt >= @from',
        parameters: { '@from': from },
        search: { filter: `sortTime ge ${Date.parse(from)}` },
      };

const placedUntil = (to: string | undefined): SearchCondition | undefined =>
  to === undefined
    ? undefined
    : { sql: 'c.placedAt <= @to', parameters: { '@to': to }, search: { filter: `sortTime le ${Date.parse(to)}` } };

/** The words that a role may search by. */
const SEARCHED = { admin: 'words', analyst: 'orderWords' } as const;

const ITEM = {
  admin: (entry: FoundEntry) => foundOrder.strip().parse(inDecimals(entry)),
  analyst: (entry: FoundEntry) => analystOrder.parse(inDecimals(entry)),
} as const;

const inDecimals = (entry: FoundEntry) => ({ ...entry, total: toDecimal(entry.total, entry.currency) });
