import * as z from 'zod';
import { type Deadline, withDeadline } from '../../shared/deadline.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { readJsonBody } from '../../shared/http/json-body.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { unavailable } from '../../shared/http/problem.ts';
import { toDecimal } from '../../shared/money.ts';
import { orderResponse, toItemsResponse } from '../../shared/read-models/order-response.ts';
import { withSpan } from '../../shared/telemetry/tracing.ts';
import type { ReadingApp } from '../app.ts';
import { commandKey } from '../pipeline/command-key.ts';
import { rejectionProblem } from '../pipeline/handle-command.ts';
import { placeOrder } from './place-order.ts';

const { currency, items, total } = orderResponse.shape;

/** Without an id, so that the example works before and after the order is placed. */
const { orderId: _, ...example } = placeOrder.schema.parse(placeOrder.example);

const operation: Operation = {
  name: 'quoteOrder',
  method: 'POST',
  route: 'orders/quote',
  summary: 'Prices an order without placing it. The rules and problems are those of placing it; nothing is reserved.',
  roles: placeOrder.roles,
  body: { schema: placeOrder.schema, examples: { PlaceOrder: example } },
  answers: {
    200: {
      description: 'The order as it would be placed now.',
      schema: z.strictObject({ currency, items, total }).meta({ id: 'OrderQuote' }),
    },
  },
  problems: placeOrder.rejections,
};

/** POST /orders/quote: decides PlaceOrder against the present rows, and commits nothing. One round trip to the write store. */
export function quoteOrder(app: ReadingApp): HttpFunction {
  const { newId, now } = app.runtime;
  return authenticatedOperation(app, operation, async ({ request, actor, correlationId }) => {
    const envelope = {
      commandId: newId(),
      commandType: placeOrder.type,
      aggregateId: undefined,
      newAggregateId: newId(),
      data: await readJsonBody(request),
      expectedVersion: undefined,
      actor,
      receivedAt: new Date(now()).toISOString(),
      correlationId,
      traceparent: undefined,
      source: 'http',
    };
    const { reads, decide } = placeOrder.prepare(envelope, app.config.orders);
    const { store } = await app.services();
    const load = (deadline: Deadline) =>
      withSpan({ name: 'load' }, () => store.load({ commandId: commandKey(envelope), ...reads }, deadline));
    const rows = await withDeadline(app.config.orders.deadlineMs, app.runtime, load).catch(notRead);
    const decision = await withSpan({ name: 'decide' }, async () => decide(rows));
    if (decision.outcome === 'rejected') throw rejectionProblem(decision.rejection);
    const { event } = decision.change;
    if (event.aggregateType !== 'Order') throw new Error(`Placing an order was decided as ${event.eventType}.`);
    const { order } = event;
    return {
      jsonBody: {
        currency: order.currency,
        items: toItemsResponse(order.items, order.currency),
        total: toDecimal(order.total, order.currency),
      },
    };
  });
}

const notRead = unavailable('Orders cannot be priced at the moment: try again.');
