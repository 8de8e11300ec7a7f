import type { Held } from './holdings.ts';

/** What is held since an erasure, and when each store was first seen without personal data (ms since the erasure was sent). */
export interface Proof {
  readonly now: Held | undefined;
  readonly cleanAfterMs: ReadonlyMap<string, number>;
  /** `requested`: nothing is erased until another admin confirms it. */
  readonly state: 'reading' | 'clean' | 'requested' | 'late';
  /** Why the last read failed, if it did. */
  readonly error: unknown;
}

export const NOT_READ: Proof = { now: undefined, cleanAfterMs: new Map(), state: 'reading', error: undefined };

/** Time (ms) after which an erasure is late, and nothing more is read. */
const WITHIN_MS = 60_000;

/** A read after an erasure: what was held before, and when the read ended (ms since the erasure was sent). */
interface Read {
  readonly before: Held;
  readonly now: Held;
  readonly ms: number;
}

export const afterRead = (last: Proof, read: Read): Proof => ({
  now: read.now,
  state: stateOf(read),
  error: undefined,
  cleanAfterMs: cleanTimes(last, read),
});

/** @param ms when the read failed, since the erasure was sent */
export const afterFailure = (last: Proof, error: unknown, ms: number): Proof => ({
  ...last,
  error,
  state: ms > WITHIN_MS ? 'late' : 'reading',
});

function stateOf({ now: { holdings, erasedAt, isRequested }, ms }: Read): Proof['state'] {
  if (erasedAt === undefined && isRequested) return 'requested';
  if (erasedAt !== undefined && holdings.every(({ personal }) => personal === 0)) return 'clean';
  return ms > WITHIN_MS ? 'late' : 'reading';
}

/** A store that had personal data before and has none now is clean since this read, or since an earlier one. */
function cleanTimes({ cleanAfterMs }: Proof, { before, now, ms }: Read): ReadonlyMap<string, number> {
  const left = new Set(storesWithData(now));
  const clean = storesWithData(before).filter((store) => !left.has(store));
  return new Map(clean.map((store) => [store, cleanAfterMs.get(store) ?? ms]));
}

const storesWithData = ({ holdings }: Held): readonly string[] =>
  holdings.filter(({ personal }) => personal > 0).map(({ store }) => store);
