import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { toDecimal } from '../../src/shared/money.ts';
import { type Answer, problemOf, retryAfterMs } from '../cli/http-request.ts';
import type { ApiClient } from './api-client.ts';
import { CURRENCY, totalOf } from './commands.ts';
import type { Invoice } from './read-invoices.ts';

export type ReadBack =
  | { readonly kind: 'equal'; readonly syncLagMs: number | undefined }
  | { readonly kind: 'failed'; readonly code: string; readonly detail: string };

/** Longest wait before asking again for an order that the read model does not have yet, in milliseconds. */
const LONGEST_WAIT_MS = 2_000;

/** How long the read model may stand still: renewed by every order that could be read. */
export interface Patience {
  readonly renew: () => void;
  readonly isLeft: () => boolean;
}

export function createPatience(milliseconds: number): Patience {
  let since = performance.now();
  return {
    renew: () => {
      since = performance.now();
    },
    isLeft: () => performance.now() - since < milliseconds,
  };
}

/** Reads the invoice's order back from the read model and compares it; waits for it as long as patience is left. */
export async function verifyOrder(
  invoice: Invoice,
  client: ApiClient,
  patience: Patience,
  signal: AbortSignal,
): Promise<ReadBack> {
  const path = `/orders/${encodeURIComponent(invoice.invoiceNo)}?minVersion=1`;
  for (;;) {
    const waits = patience.isLeft();
    const answer = await client.get(path, { prefer: `wait=${waits ? 5 : 0}` });
    if (answer.status === 200) {
      patience.renew();
      return compare(invoice, answer);
    }
    const problem = problemOf(answer);
    if (problem.code !== 'read-model-behind' || !waits) return { kind: 'failed', ...problem };
    await sleep(Math.min(retryAfterMs(answer.headers) ?? LONGEST_WAIT_MS, LONGEST_WAIT_MS), undefined, { signal });
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

function compare(invoice: Invoice, { body, headers }: Answer): ReadBack {
  const parsed = orderDocument.safeParse(body);
  if (!parsed.success) {
    return { kind: 'failed', code: 'not an order', detail: z.prettifyError(parsed.error).replaceAll('\n', ' ') };
  }
  const actual = { ...parsed.data, placedAt: new Date(parsed.data.placedAt).toISOString() };
  const difference = firstDifference(fieldsOf(expectedDocument(invoice)), fieldsOf(actual));
  if (difference !== undefined) return { kind: 'failed', code: 'differs', detail: difference };
  return { kind: 'equal', syncLagMs: syncLagMs(headers) };
}

type OrderDocument = z.infer<typeof orderDocument>;

/** What the read model should show. Amounts are worked out in pennies. */
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

/** Every field under its path (`items.2.price`). An array's length is a field too, so that nothing can be missing. */
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

/** From `Server-Timing: sync-lag;dur=<milliseconds>` (https://www.w3.org/TR/server-timing/), which may hold other metrics too. */
function syncLagMs(headers: Headers): number | undefined {
  const metric = headers
    .get('server-timing')
    ?.split(',')
    .find((each) => /^\s*sync-lag\s*;/.test(each));
  const duration = /;\s*dur=([\d.]+)/.exec(metric ?? '')?.[1];
  return duration === undefined ? undefined : Number(duration);
}
