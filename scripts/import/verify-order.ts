import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type Answer, ApiError } from '../../clients/typescript/src/index.ts';
import { toDecimal } from '../../src/shared/money.ts';
import { type ApiClient, codeOf } from './api-client.ts';
import { CURRENCY, totalOf } from './commands.ts';
import type { Invoice } from './read-invoices.ts';

export type ReadBack =
  | { readonly kind: 'equal'; readonly syncLagMs: number | undefined }
  | { readonly kind: 'failed'; readonly code: string; readonly detail: string };

/** Maximum delay between polls for an order that is not in the read model yet, in milliseconds. */
const MAX_POLL_DELAY_MS = 2_000;

/** Limits how long the read model may make no progress. Every order that can be read renews it. */
export interface IdleTimeout {
  readonly renew: () => void;
  readonly hasTimeLeft: () => boolean;
}

export function createIdleTimeout(milliseconds: number): IdleTimeout {
  let since = performance.now();
  return {
    renew: () => {
      since = performance.now();
    },
    hasTimeLeft: () => performance.now() - since < milliseconds,
  };
}

/** Reads the invoice's order back from the read model and compares it. Polls until the idle timeout expires. */
export async function verifyOrder(
  invoice: Invoice,
  client: ApiClient,
  idleTimeout: IdleTimeout,
  signal: AbortSignal,
): Promise<ReadBack> {
  const order = { path: { orderId: invoice.invoiceNo }, query: { minVersion: 1 } };
  for (;;) {
    const waits = idleTimeout.hasTimeLeft();
    const params = { ...order, header: { Prefer: `wait=${waits ? 5 : 0}` } };
    const outcome = await client.settled(client.orders.GET('/orders/{orderId}', { params, signal }));
    if (!(outcome instanceof ApiError)) {
      idleTimeout.renew();
      return compare(invoice, outcome);
    }
    const code = codeOf(outcome);
    if (code !== 'read-model-behind' || !waits) return { kind: 'failed', code, detail: outcome.message };
    await sleep(Math.min(outcome.retryAfterMs ?? MAX_POLL_DELAY_MS, MAX_POLL_DELAY_MS), undefined, { signal });
  }
}

const orderDocument = z.object({
  orderId: z.string(),
  customerId: z.string(),
  currency: z.string(),
  placedAt: z.iso.datetime(),
  total: z.number(),
  items: z.array(
    z.object({
      line: z.number(),
      productId: z.string(),
      quantity: z.number(),
      price: z.number(),
      lineTotal: z.number(),
    }),
  ),
});

function compare(invoice: Invoice, { data, response }: Answer<unknown>): ReadBack {
  const parsed = orderDocument.safeParse(data);
  if (!parsed.success) {
    return { kind: 'failed', code: 'not an order', detail: z.prettifyError(parsed.error).replaceAll('\n', ' ') };
  }
  const actual = { ...parsed.data, placedAt: new Date(parsed.data.placedAt).toISOString() };
  const difference = firstDifference(fieldsOf(expectedDocument(invoice)), fieldsOf(actual));
  if (difference !== undefined) return { kind: 'failed', code: 'differs', detail: difference };
  return { kind: 'equal', syncLagMs: syncLagMs(response.headers) };
}

type OrderDocument = z.infer<typeof orderDocument>;

/** The expected read model document. Amounts are calculated in pennies. */
function expectedDocument(invoice: Invoice): OrderDocument {
  const { invoiceNo, customerId, placedAt, lines } = invoice;
  return {
    orderId: invoiceNo,
    customerId,
    currency: CURRENCY,
    placedAt,
    total: toDecimal(totalOf(invoice), CURRENCY),
    items: lines.map(({ productId, quantity, price }, index) => ({
      line: index + 1,
      productId,
      quantity,
      price: toDecimal(price, CURRENCY),
      lineTotal: toDecimal(quantity * price, CURRENCY),
    })),
  };
}

/** All fields by path (`items.2.price`). Includes the array length, so that missing items are detected. */
function fieldsOf({ items, ...order }: OrderDocument): ReadonlyMap<string, unknown> {
  const ofItems = items.flatMap((item, index) =>
    Object.entries(item).map(([name, value]) => [`items.${index}.${name}`, value] as const),
  );
  return new Map<string, unknown>([...Object.entries(order), ['items.length', items.length], ...ofItems]);
}

function firstDifference(
  expected: ReadonlyMap<string, unknown>,
  actual: ReadonlyMap<string, unknown>,
): string | undefined {
  for (const [path, value] of expected) {
    const other = actual.get(path);
    if (other !== value) return `${path} is ${String(other)}, the file has ${String(value)}`;
  }
  return undefined;
}

/** Reads `Server-Timing: sync-lag;dur=<milliseconds>` (https://www.w3.org/TR/server-timing/). The header may contain other metrics. */
function syncLagMs(headers: Headers): number | undefined {
  const metric = headers
    .get('server-timing')
    ?.split(',')
    .find((each) => /^\s*sync-lag\s*;/.test(each));
  const duration = /;\s*dur=([\d.]+)/.exec(metric ?? '')?.[1];
  return duration === undefined ? undefined : Number(duration);
}
