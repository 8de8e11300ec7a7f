import { describe, expect, it } from 'vitest';
import { cachedNewest } from '../../../src/shared/personal-data/cached-newest.ts';
import { supersession } from '../../../src/shared/personal-data/supersession.ts';

const HOUR = 3_600_000;
const unavailable = () => new Error('vault unavailable');

/** A vault that answers its reads when the test says so, and a clock of the test. */
function heldVault() {
  const reads: PromiseWithResolvers<string>[] = [];
  const clock = { time: 0, now: () => clock.time };
  const versions = cachedNewest(() => {
    const read = Promise.withResolvers<string>();
    reads.push(read);
    return read.promise;
  }, clock);
  /** Answers or refuses all reads that wait, in the order in which they started. */
  const answer = (version: string) => {
    for (const { resolve } of reads.splice(0)) resolve(version);
  };
  const fail = () => {
    for (const { reject } of reads.splice(0)) reject(unavailable());
  };
  return { ...versions, clock, reads, answer, fail };
}

/** A vault whose newest version `a` is cached. */
async function vaultWithKnownVersion() {
  const vault = heldVault();
  const first = vault.newest();
  vault.answer('a');
  expect(await first).toBe('a');
  return vault;
}

const settled = (promises: readonly Promise<unknown>[]) => Promise.allSettled(promises);

describe('the cached newest version', () => {
  it('survives refreshes that overlap and all fail', async () => {
    const vault = await vaultWithKnownVersion();
    const refreshes = settled([vault.refresh(), vault.refresh(), vault.refresh()]);
    vault.fail();
    expect((await refreshes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await vault.newest()).toBe('a');
    expect(vault.reads).toEqual([]);
  });

  it('is read again after overlapping refreshes fail while none is known', async () => {
    const vault = heldVault();
    const refreshes = settled([vault.refresh(), vault.refresh()]);
    vault.fail();
    await refreshes;
    const newest = vault.newest();
    vault.answer('a');
    expect(await newest).toBe('a');
  });

  it('recovers after many concurrent failures', async () => {
    const vault = await vaultWithKnownVersion();
    vault.clock.time = HOUR;
    const calls = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? vault.newest() : vault.refresh()));
    const results = settled(calls);
    vault.fail();
    await results;
    const recovered = vault.newest();
    vault.answer('b');
    expect(await recovered).toBe('b');
    expect(await vault.newest()).toBe('b');
  });

  it('is the last known one for every caller while an expired one cannot be read', async () => {
    const vault = await vaultWithKnownVersion();
    vault.clock.time = HOUR;
    const callers = Promise.all([vault.newest(), vault.newest(), vault.newest()]);
    vault.fail();
    expect(await callers).toEqual(['a', 'a', 'a']);
  });

  it('is read once for concurrent callers once it has expired', async () => {
    const vault = await vaultWithKnownVersion();
    vault.clock.time = HOUR;
    const callers = Promise.all([vault.newest(), vault.newest()]);
    expect(vault.reads).toHaveLength(1);
    vault.answer('b');
    expect(await callers).toEqual(['b', 'b']);
  });

  it('is served from the cache while it is being refreshed', async () => {
    const vault = await vaultWithKnownVersion();
    const refresh = vault.refresh();
    expect(await vault.newest()).toBe('a');
    vault.answer('b');
    expect(await refresh).toBe('b');
    expect(await vault.newest()).toBe('b');
  });

  it('is that of the read that started last, whichever ends last', async () => {
    const vault = await vaultWithKnownVersion();
    const refreshes = Promise.all([vault.refresh(), vault.refresh()]);
    const [first, second] = vault.reads.splice(0);
    second?.resolve('c');
    await second?.promise;
    first?.resolve('b');
    expect(await refreshes).toEqual(['b', 'c']);
    expect(await vault.newest()).toBe('c');
  });
});

describe('whether a version is superseded', () => {
  const failing = () => Promise.reject(unavailable());

  it('is answered with false when the newest version is not known and cannot be read', async () => {
    expect(await supersession(failing, failing)('a')).toBe(false);
  });

  it('is answered with false when the newest version cannot be read again', async () => {
    expect(await supersession(async () => 'a', failing)('b')).toBe(false);
  });

  it('is asked again after a failure, and remembered once it is true', async () => {
    const reads = [failing, async () => 'b', failing];
    const isSuperseded = supersession(
      async () => 'b',
      () => reads.shift()?.() ?? failing(),
    );
    expect([await isSuperseded('a'), await isSuperseded('a'), await isSuperseded('a')]).toEqual([false, true, true]);
    expect(reads).toHaveLength(1);
  });
});
