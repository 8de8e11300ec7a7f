import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askUntilShown, type Expected } from '../../../console/src/orders/ask-until-shown.ts';

const CONFIRMED: Expected = { version: 2, status: 'confirmed', sentAt: 0 };

/** Asks a read model that `version` answers for, and to which confirmed orders are added. */
function ask(version: () => number | undefined, expected = CONFIRMED) {
  const abort = new AbortController();
  const asked = vi.fn(async () => version());
  const shown = { name: 'shipping_board', addedWhen: 'confirmed', version: asked };
  return { asked, abort, found: askUntilShown(shown, expected, abort.signal) };
}

describe('a read model that is asked until it shows a version', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is asked until an order is added to it, and with the expected version', async () => {
    let version: number | undefined;
    const { found } = ask(() => version);
    await vi.advanceTimersByTimeAsync(250);
    version = 1;
    await vi.advanceTimersByTimeAsync(100);
    version = 2;
    await vi.advanceTimersByTimeAsync(100);
    expect(await found).toBe(400);
  });

  it('is asked less and less often, so that the rate limit is left for other requests', async () => {
    const { asked, found } = ask(() => 1);
    found.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(asked.mock.calls.length).toBeLessThan(25);
  });

  it.each(['submitted', 'cancelled', 'refunded', 'shipped'])(
    'is asked once for an order that is %s and not in it',
    async (status) => {
      const { asked, found } = ask(() => undefined, { ...CONFIRMED, status });
      await vi.advanceTimersByTimeAsync(1_000);
      expect(asked).toHaveBeenCalledTimes(1);
      expect(await found).toBeUndefined();
    },
  );

  it('is not asked again after the signal', async () => {
    const { asked, abort, found } = ask(() => 1);
    const end = expect(found).rejects.toThrow();
    await vi.advanceTimersByTimeAsync(50);
    abort.abort();
    await vi.advanceTimersByTimeAsync(1_000);
    await end;
    expect(asked).toHaveBeenCalledTimes(1);
  });
});
