import { describe, expect, it } from 'vitest';
import type { LakeFiles } from '../../../src/shared/lake/lake-files.ts';
import { ORDERS } from '../../../src/shared/lake/tables.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { lakeFiller } from '../../../src/sync/lake/fill-lake.ts';
import { orderEvent } from '../../support/events/order-lives.ts';
import { CAPTURED, capturedPath, captureFile, published, rowsOf } from '../../support/lake/lake-tables.ts';
import { memoryLake } from '../../support/lake/memory-lake.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A lake with a clock that a test sets. */
function lakeAt(start: number) {
  const [captured, tables] = [memoryLake(), memoryLake()];
  let now = start;
  const runtime = { now: () => now, monotonicMs: () => now - start, newId: systemRuntime.newId };
  /** Captures an event of an order in a file of its own. */
  const capture = async (orderId: string, time = new Date(now).toISOString()) => {
    const path = capturedPath(`${time.slice(0, 16).replaceAll(/[-T:]/g, '/')}/00/0`);
    captured.setTime(now);
    await captured.write(path, await captureFile([published(orderEvent(orderId, 1))]));
    return path;
  };
  return {
    captured,
    pass: (ms: number) => {
      now += ms;
    },
    /** The job in a process of its own. */
    openFiller: (capture: LakeFiles = captured) =>
      lakeFiller({ capture, tables, folder: CAPTURED, runtime, warn: () => undefined }),
    capture,
    /** Captures an event of an order in a file that is cut off. Returns a function that completes it. */
    captureDamaged: async (orderId: string) => {
      const path = await capture(orderId);
      const whole = (await captured.read(path)) ?? Buffer.alloc(0);
      await captured.write(path, whole.subarray(0, -20));
      return () => captured.write(path, whole);
    },
    orderIds: async () => (await rowsOf(ORDERS, tables)).map(({ order_id }) => order_id),
  };
}

describe('a captured file that cannot be read', () => {
  it('is tried by every run of any process, and the lake is behind until it is whole', async () => {
    const { pass, openFiller, capture, captureDamaged, orderIds } = lakeAt(Date.UTC(2026, 0, 1, 12));
    const repair = await captureDamaged('damaged');
    const [fill, fillElsewhere] = [openFiller(), openFiller()];
    await capture('order-0', '2026-01-01T11:00');
    let age = 0;
    for (let day = 1; day <= 10; day++) {
      for (const one of [fill, fillElsewhere]) {
        expect(await one()).toMatchObject({ behindMs: age });
        pass(5 * MINUTE_MS);
        age += 5 * MINUTE_MS;
        await capture(`order-${day}`);
      }
      pass(DAY_MS);
      age += DAY_MS;
    }
    await repair();
    expect(await fillElsewhere()).toMatchObject({ behindMs: 0 });
    expect(await orderIds()).toContain('damaged');
    expect(await fill()).toEqual({ files: 0, undecodable: 0, behindMs: 0 });
  });

  it('is tried by a new process, however many checkpoints the log of the table has had since', async () => {
    const { pass, openFiller, capture, captureDamaged, orderIds } = lakeAt(Date.UTC(2026, 0, 1, 12));
    const repair = await captureDamaged('damaged');
    for (let day = 0; day < 22; day++) {
      await capture(`order-${day}`, new Date(Date.UTC(2026, 0, 1 + day, 11)).toISOString());
      expect(await openFiller()()).toMatchObject({ files: 1, behindMs: day * DAY_MS });
      pass(DAY_MS);
    }
    await repair();
    expect(await openFiller()()).toMatchObject({ files: 1, behindMs: 0 });
    expect(await orderIds()).toContain('damaged');
  });

  it('does not count any more once it is deleted', async () => {
    const { captured, openFiller, captureDamaged } = lakeAt(Date.UTC(2026, 0, 1, 12));
    await captureDamaged('damaged');
    const fill = openFiller();
    expect(await fill()).toMatchObject({ files: 0 });
    for (const path of captured.paths()) await captured.remove(path);
    expect(await fill()).toEqual({ files: 0, undecodable: 0, behindMs: 0 });
  });
});

describe('a captured file of the first day that is listed', () => {
  it('is read when it arrives between the last listing of that day and midnight', async () => {
    const { pass, openFiller, capture, orderIds } = lakeAt(Date.UTC(2026, 0, 9, 23, 30));
    const fill = openFiller();
    await capture('order-1');
    await fill();
    pass(20 * MINUTE_MS);
    await capture('late', '2026-01-02T23:55');
    pass(20 * MINUTE_MS);
    await capture('order-2');
    await fill();
    pass(60 * MINUTE_MS);
    await fill();
    expect(await orderIds()).toEqual(['late', 'order-1', 'order-2']);
  });
});

describe('a run that ends before it has read all files', () => {
  it('leaves the rest to the next run, whatever their day', async () => {
    const { captured, pass, openFiller, capture, orderIds } = lakeAt(Date.UTC(2026, 0, 20, 12));
    await capture('order-0');
    await openFiller()();
    for (let minute = 0; minute < 250; minute++) {
      const time = new Date(Date.UTC(2026, 0, 14, 0, minute)).toISOString();
      await capture(`order-${minute}`, time);
    }
    // A file takes two seconds, so that the first run has time for one batch.
    const stream = (path: string) => {
      pass(2_000);
      return captured.stream(path);
    };
    const fill = openFiller({ ...captured, stream });
    expect(await fill()).toMatchObject({ files: 200 });
    expect(await fill()).toMatchObject({ files: 50 });
    expect(await orderIds()).toHaveLength(250);
  });
});

describe('a clock that was ahead for one run', () => {
  it('does not stop the lake until that date', async () => {
    const { pass, openFiller, capture, orderIds } = lakeAt(Date.UTC(2026, 0, 20, 12));
    await capture('order-1');
    pass(60 * DAY_MS);
    await openFiller()();
    pass(-60 * DAY_MS);
    await capture('order-2', '2026-01-20T11:00');
    const fill = openFiller();
    expect(await fill()).toMatchObject({ behindMs: 0 });
    expect(await orderIds()).toEqual(['order-1', 'order-2']);
    expect(await fill()).toMatchObject({ files: 0 });
  });
});
