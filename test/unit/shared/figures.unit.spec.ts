import { describe, expect, it } from 'vitest';
import { bucketOf, percentilesOf } from '../../../src/shared/figures/durations.ts';
import type { FiguresDocument } from '../../../src/shared/figures/figures.ts';
import { FiguresRecorder } from '../../../src/shared/figures/figures-recorder.ts';
import { startFigures } from '../../../src/shared/figures/write-figures.ts';
import { commandCount, commandDuration, outboxAge, syncLag } from '../../../src/shared/telemetry/metrics.ts';

const MINUTE = 60_000;

/** A recorder with a clock that the test sets. */
function recorder(app: 'commands' | 'queries' | 'sync' = 'commands') {
  const clock = { time: 10 * MINUTE };
  const figures = new FiguresRecorder(app, 'one', { now: () => clock.time });
  const countsOf = (documents: readonly FiguresDocument[]) =>
    documents.flatMap(({ slices }) => slices.map((s) => s.counts));
  return { clock, figures, countsOf };
}

describe('durations', () => {
  it.each([1, 7, 100, 1_234, 30_000])('of %i ms are at most 9 %% too long', (ms) => {
    const { p50 = 0 } = percentilesOf({ [bucketOf(ms)]: 1 }) ?? {};
    expect(p50).toBeGreaterThanOrEqual(ms);
    expect(p50).toBeLessThanOrEqual(ms * 1.095);
  });

  it('have the percentiles of all values, not of the buckets', () => {
    const durations = { [bucketOf(10)]: 90, [bucketOf(1_000)]: 10 };
    const { p50 = 0, p95 = 0 } = percentilesOf(durations) ?? {};
    expect(p50).toBeLessThan(11);
    expect(p95).toBeGreaterThanOrEqual(1_000);
  });

  it('have no percentiles when nothing was measured', () => {
    expect(percentilesOf({})).toBeUndefined();
  });
});

describe('the figures of an instance', () => {
  it('count commands by outcome: accepted, replayed, refused by a rule, failed on our side', () => {
    const { figures, countsOf } = recorder();
    for (const outcome of ['accepted', 'accepted', 'replayed', 'insufficient-stock', 'unavailable']) {
      figures.record('cqrs.commands', 1, { command: 'PlaceOrder', outcome });
    }
    expect(countsOf(figures.documents())).toEqual([{ accepted: 2, replayed: 1, rejected: 1, failed: 1 }]);
  });

  it('leave out other operations that are measured as commands', () => {
    const { figures, countsOf } = recorder();
    figures.record('cqrs.commands', 1, { command: 'startReplay', outcome: 'accepted' });
    expect(countsOf(figures.documents())).toEqual([]);
  });

  it('count a long poll as a query, but not its duration', () => {
    const { figures } = recorder('queries');
    figures.record('cqrs.query_duration', 30_000, { query: 'getOrderChanges', status: 204 });
    expect(figures.documents()[0]?.slices).toMatchObject([{ counts: { queries: 1 }, durations: {} }]);
  });

  it('contain counts, durations and names of read models, and no id', () => {
    const { figures } = recorder('sync');
    figures.record('cqrs.sync_lag', 120, { read_model: 'order_details', customer: 'c1' });
    expect(JSON.stringify(figures.documents())).not.toContain('c1');
    expect(figures.documents()[0]?.slices[0]?.counts).toEqual({ 'projected:order_details': 1 });
  });

  it('are in one document for each minute, and the document of a minute that is over is written once more', () => {
    const { clock, figures } = recorder();
    const accepted = () => figures.record('cqrs.commands', 1, { command: 'PlaceOrder', outcome: 'accepted' });
    accepted();
    clock.time += MINUTE;
    accepted();
    expect(figures.documents().map(({ minute }) => minute)).toEqual([10 * MINUTE, 11 * MINUTE]);
    expect(figures.documents().map(({ minute }) => minute)).toEqual([11 * MINUTE]);
  });

  it('reuse the documents of an instance after twelve minutes, so that they never become many', () => {
    const { clock, figures } = recorder();
    const ids = Array.from({ length: 30 }, () => {
      clock.time += MINUTE;
      return figures.documents().map(({ id }) => id);
    });
    expect(new Set(ids.flat()).size).toBe(12);
  });

  it('have changed when the outbox has, and not when the relay finds the same again', () => {
    const { figures } = recorder();
    figures.record('cqrs.outbox_size', 3, {});
    const first = figures.changed;
    figures.documents();
    figures.record('cqrs.outbox_size', 3, {});
    expect([first, figures.changed]).toEqual([true, false]);
  });
});

describe('writing figures', () => {
  /** Runs one turn at a time. `database` is all that the writer needs of Cosmos DB. */
  function start() {
    const written: FiguresDocument[] = [];
    let next: () => void = () => undefined;
    const items = { upsert: async (document: FiguresDocument) => void written.push(document) };
    const stop = startFigures({
      app: 'commands',
      instance: 'one',
      database: async () => ({ container: () => ({ items }) }),
      runtime: {
        now: () => 10 * MINUTE,
        timer: (_ms, callback) => {
          next = callback;
          return () => undefined;
        },
      },
    });
    const turn = async () => {
      const run = next;
      run();
      await expect.poll(() => next !== run).toBe(true);
    };
    return { written, stop, turn };
  }

  it('writes what the app measures, with or without telemetry, and nothing once it is stopped', async () => {
    const { written, stop, turn } = start();
    commandCount.add(1, { command: 'PlaceOrder', outcome: 'accepted' });
    commandDuration.record(12, { command: 'PlaceOrder', outcome: 'accepted' });
    outboxAge.record(5);
    syncLag.record(70, { read_model: 'catalogue' });
    await turn();
    stop();
    commandCount.add(1, { command: 'PlaceOrder', outcome: 'accepted' });
    expect(written).toMatchObject([
      { app: 'commands', outbox: { oldestMs: 5 }, slices: [{ counts: { accepted: 1, 'projected:catalogue': 1 } }] },
    ]);
  });

  it('writes twice a minute while nothing happens, to show that the instance runs', async () => {
    const { written, stop, turn } = start();
    for (let turns = 0; turns < 12; turns++) await turn();
    stop();
    expect(written).toHaveLength(2);
  });
});
