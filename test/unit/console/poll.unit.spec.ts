import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startPoll } from '../../../console/src/api/poll.ts';
import { type RecentChange, withChange } from '../../../console/src/api/recent-changes.ts';
import { throttled } from '../../../console/src/api/throttled.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A poll every second, of reads that take `durationMs`. */
function poll({ durationMs = 0 } = {}) {
  const page = { isPaused: false };
  const load = vi.fn(async (_signal: AbortSignal) => {
    await new Promise((resolve) => setTimeout(resolve, durationMs));
    return load.mock.calls.length;
  });
  const onValue = vi.fn();
  const onFailure = vi.fn();
  const started = startPoll({ load, pauseMs: () => 1_000, isPaused: () => page.isPaused, onValue, onFailure });
  onTestFinished(started.stop);
  return { ...started, page, load, onValue, onFailure };
}

describe('a poll', () => {
  it('reads again after each pause, also after a failure', async () => {
    const { load, onValue, onFailure } = poll();
    await vi.advanceTimersByTimeAsync(500);
    load.mockRejectedValueOnce(new Error('no answer'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(onFailure.mock.calls).toEqual([[new Error('no answer')]]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(onValue.mock.calls).toEqual([[1], [3]]);
  });

  it('lets a read end however often it is refreshed', async () => {
    const { load, onValue, refresh } = poll({ durationMs: 300 });
    for (let count = 0; count < 20; count++) {
      await vi.advanceTimersByTimeAsync(100);
      refresh();
    }
    expect(onValue.mock.calls.length).toBeGreaterThan(4);
    expect(load.mock.calls.every(([signal]) => !signal.aborted)).toBe(true);
  });

  it('reads once more after a read during which it was refreshed', async () => {
    const { load, refresh } = poll({ durationMs: 300 });
    await vi.advanceTimersByTimeAsync(100);
    refresh();
    refresh();
    await vi.advanceTimersByTimeAsync(1_400);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('reads nothing while it is paused, and at once when it wakes', async () => {
    const { page, wake, load } = poll();
    page.isPaused = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(load).toHaveBeenCalledTimes(1);
    page.isPaused = false;
    wake();
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('shows nothing that arrives after it was stopped', async () => {
    const { stop, onValue, load } = poll({ durationMs: 300 });
    stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(onValue).not.toHaveBeenCalled();
    expect(load).toHaveBeenCalledTimes(1);
  });
});

describe('a throttled action', () => {
  it('runs once per interval although the calls never stop', () => {
    const action = vi.fn();
    const { call, stop } = throttled(action, 400);
    onTestFinished(stop);
    for (let count = 0; count < 40; count++) {
      call();
      vi.advanceTimersByTime(100);
    }
    expect(action).toHaveBeenCalledTimes(10);
  });

  it('does not run after it was stopped', () => {
    const action = vi.fn();
    const { call, stop } = throttled(action, 400);
    call();
    stop();
    vi.advanceTimersByTime(1_000);
    expect(action).not.toHaveBeenCalled();
  });
});

describe('the changes that were pushed to a page', () => {
  const change = (version: number): RecentChange => ({
    ...{ key: `o1/${version}`, orderId: 'o1', version, eventType: 'OrderConfirmed', status: 'confirmed' },
    ...{ delayMs: 10, timestamp: '2026-03-01T10:00:00.000Z' },
  });

  it('are listed and counted once although they arrive twice, the newest six', () => {
    const versions = [1, 2, 2, 1, 3, 4, 5, 6, 7];
    const { changes, count } = versions.map(change).reduce(withChange, { changes: [], count: 0 });
    expect(changes.map(({ version }) => version)).toEqual([7, 6, 5, 4, 3, 2]);
    expect(count).toBe(7);
  });
});
