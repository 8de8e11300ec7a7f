import type { ApiClient } from './api-client.ts';
import { type Command, customersOf, orderOf, productsOf, totalOf } from './commands.ts';
import { concurrently } from './concurrently.ts';
import type { Progress } from './progress.ts';
import type { Invoice } from './read-invoices.ts';
import { type CommandOutcome, sendCommand } from './send-command.ts';
import type { Count, Tally } from './tally.ts';
import { createIdleTimeout, verifyOrder } from './verify-order.ts';

/** How long (ms) to wait for the read model without any order becoming readable. */
const READ_MODEL_TIMEOUT_MS = 60_000;

export interface Run {
  readonly client: ApiClient;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Updated during the import. */
  readonly tally: Tally;
}

/**
 * Creates the customers and products of the `chosen` invoices of the `whole` file, places the orders, and reads them back. Throws
 * ImportStopped when it cannot continue.
 */
export async function importInvoices(run: Run, chosen: readonly Invoice[], whole: readonly Invoice[]): Promise<void> {
  const { customers, products } = run.tally;
  await register(run, customersOf(chosen, whole), { count: customers, phase: 'customers', exists: 'customer-exists' });
  await register(run, productsOf(chosen, whole), { count: products, phase: 'products', exists: 'product-exists' });
  const placed = await placeOrders(run, chosen);
  await readBack(run, placed);
}

async function register(
  run: Run,
  commands: readonly Command[],
  { count, phase, exists }: { readonly count: Count; readonly phase: string; readonly exists: string },
): Promise<void> {
  await inPhase(run, phase, commands, async (command) => {
    // A reused key means that an earlier file with other amounts created it, so it exists.
    const outcome = await sendCommand(run.client, command, {
      existsCodes: [exists, 'idempotency-key-reused'],
      signal: run.signal,
    });
    record(run.tally, command, outcome, count);
  });
}

interface PlacedOrder {
  readonly invoice: Invoice;
  /** Placed by this run. */
  readonly isNew: boolean;
}

async function placeOrders(run: Run, invoices: readonly Invoice[]): Promise<readonly PlacedOrder[]> {
  const { tally, client, signal } = run;
  const placed: PlacedOrder[] = [];
  const started = performance.now();
  await inPhase(run, 'orders', invoices, async (invoice) => {
    const command = orderOf(invoice);
    const outcome = await sendCommand(client, command, { existsCodes: ['order-exists'], signal });
    tally.placingMs = performance.now() - started;
    record(tally, command, outcome, tally.orders);
    if (outcome.kind === 'failed') return;
    if (outcome.kind === 'created') tally.commandLatencies.push(outcome.milliseconds);
    tally.lines += invoice.lines.length;
    tally.revenue += totalOf(invoice);
    placed.push({ invoice, isNew: outcome.kind === 'created' });
  });
  return placed;
}

async function readBack(run: Run, placed: readonly PlacedOrder[]): Promise<void> {
  const { tally, client, signal } = run;
  const idleTimeout = createIdleTimeout(READ_MODEL_TIMEOUT_MS);
  await inPhase(run, 'read back', placed, async ({ invoice, isNew }) => {
    const result = await verifyOrder(invoice, client, idleTimeout, signal);
    if (result.kind === 'failed') {
      const { code, detail } = result;
      tally.failures.push({ what: `order ${invoice.invoiceNo} read back`, code, detail });
      return;
    }
    tally.equal += 1;
    if (isNew && result.syncLagMs !== undefined) tally.syncLags.push(result.syncLagMs);
  });
}

async function inPhase<Item>(
  { concurrency, signal, progress }: Run,
  phase: string,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  progress.start(phase, items.length);
  try {
    await concurrently(items, { limit: concurrency, signal }, async (item) => {
      await work(item);
      progress.step();
    });
  } finally {
    progress.stop();
  }
  signal.throwIfAborted();
}

function record(tally: Tally, { what }: Command, outcome: CommandOutcome, count: Count): void {
  if (outcome.kind === 'failed') tally.failures.push({ what, code: outcome.code, detail: outcome.detail });
  else count[outcome.kind] += 1;
}
