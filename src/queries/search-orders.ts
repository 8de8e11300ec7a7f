import { app } from '@azure/functions';
import { z } from 'zod';
import { ORDER_STATUSES } from '../shared/events/order-events.ts';
import { validate } from '../shared/http/validate.ts';
import { toDecimal } from '../shared/money.ts';
import { ORDER_SEARCH } from '../shared/read-models/containers.ts';
import { type OrderSearchEntry, searchWords } from '../shared/read-models/order-search.ts';
import { fromTime, toTime } from './date-range.ts';
import { listResponse } from './list-response.ts';
import { type Condition, equals, pageParameters, readPage } from './paging.ts';
import { queryEndpoint } from './query-endpoint.ts';
import { runtime } from './runtime.ts';

/** Most words of a search; each costs a look into the words of every order that is left. */
const MAX_WORDS = 8;

const parameters = z.object({
  q: z
    .string()
    .max(200, 'must have at most 200 characters')
    .default('')
    .transform(searchWords)
    .refine((words) => words.length <= MAX_WORDS, `must have at most ${MAX_WORDS} words`),
  status: z.enum(ORDER_STATUSES).optional(),
  from: fromTime.optional(),
  to: toTime.optional(),
  ...pageParameters,
});

/** Placed orders by words of customer, order id and products, status and date; newest first. */
app.http('searchOrders', {
  methods: ['GET'],
  route: 'orders',
  authLevel: 'anonymous',
  handler: queryEndpoint('searchOrders', ['admin', 'analyst'], async ({ request }) => {
    const { q, status, from, to, ...page } = validate(parameters, Object.fromEntries(request.query));
    const container = runtime().database.container(ORDER_SEARCH.name);
    const conditions = [
      equals('status', status),
      from === undefined ? undefined : { sql: 'c.placedAt >= @from', parameters: { '@from': from } },
      to === undefined ? undefined : { sql: 'c.placedAt <= @to', parameters: { '@to': to } },
      ...q.map(hasWord),
    ];
    return listResponse(await readPage<OrderSearchEntry>(container, conditions, page), toItem);
  }),
});

/** One of the order's words begins with this one. */
function hasWord(word: string, index: number): Condition {
  const parameter = `@word${index}` as const;
  return {
    sql: `EXISTS(SELECT VALUE w FROM w IN c.words WHERE STARTSWITH(w, ${parameter}))`,
    parameters: { [parameter]: word },
  };
}

function toItem({ orderId, customerId, customerName, status, currency, ...entry }: OrderSearchEntry): object {
  const { total, itemCount, placedAt, version, lastUpdated } = entry;
  return {
    orderId,
    customerId,
    customerName,
    status,
    currency,
    total: toDecimal(total, currency),
    itemCount,
    placedAt,
    version,
    lastUpdated,
  };
}
