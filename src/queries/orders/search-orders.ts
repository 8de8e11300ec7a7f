import { z } from 'zod';
import { ORDER_STATUSES } from '../../shared/events/order-events.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { toDecimal } from '../../shared/money.ts';
import { ORDER_SEARCH } from '../../shared/read-models/containers.ts';
import { type OrderSearchEntry, searchWords } from '../../shared/read-models/order-search.ts';
import type { QueriesApp } from '../app.ts';
import { fromTime, requireRange, toTime } from '../reading/date-range.ts';
import { listAnswers, listResponse } from '../reading/list-response.ts';
import { type Condition, equals, pageParameters, readPage } from '../reading/paging.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';

/** Maximum words of a search. Each is compared with the words of every order that matches the other conditions. */
const MAX_WORDS = 8;

const parameters = z.object({
  q: z
    .string()
    .max(200, 'must have at most 200 characters')
    .default('')
    .transform(searchWords)
    .refine((words) => words.length <= MAX_WORDS, `must have at most ${MAX_WORDS} words`)
    .meta({ description: 'Words or prefixes of words, in any order, which must all match.', examples: ['lamp ada'] }),
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

const query: Query = {
  name: 'searchOrders',
  route: 'orders',
  summary: 'Searches placed orders by customer name, order id, product name, status and date. Newest first.',
  roles: ['admin', 'analyst'],
  parameters,
  answers: listAnswers(foundOrder),
  problems: [],
};

export function searchOrders(app: QueriesApp): HttpFunction {
  return httpQuery(app, query, async ({ request }) => {
    const { q, status, from, to, ...page } = validate(parameters, queryParameters(request));
    requireRange({ from, to });
    const container = app.database.container(ORDER_SEARCH.name);
    const conditions = [
      equals('status', status),
      from === undefined ? undefined : { sql: 'c.placedAt >= @from', parameters: { '@from': from } },
      to === undefined ? undefined : { sql: 'c.placedAt <= @to', parameters: { '@to': to } },
      ...q.map(hasWord),
    ];
    return listResponse(await readPage<OrderSearchEntry>(container, conditions, page), toItem);
  });
}

/** One of the order's words starts with this word. */
function hasWord(word: string, index: number): Condition {
  const parameter = `@word${index}` as const;
  return {
    sql: `EXISTS(SELECT VALUE w FROM w IN c.words WHERE STARTSWITH(w, ${parameter}))`,
    parameters: { [parameter]: word },
  };
}

function toItem({ total, ...entry }: OrderSearchEntry): z.output<typeof foundOrder> {
  const { orderId, customerId, customerName, status, currency, itemCount, placedAt, version, lastUpdated } = entry;
  const shown = { orderId, customerId, customerName, status, currency, itemCount, placedAt, version, lastUpdated };
  return { ...shown, total: toDecimal(total, currency) };
}
