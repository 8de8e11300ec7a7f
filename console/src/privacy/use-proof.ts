import { useEffect, useState } from 'react';
import { type Failure, toFailure } from '../api/commands.ts';
import { useConsole } from '../session/session-context.tsx';
import { type Held, readHeld } from './read-holdings.ts';

/** An erasure that was accepted: what was held before, and when it was sent (by `performance.now()`). */
export interface Erasure {
  readonly before: Held;
  readonly sentAt: number;
}

/** What is held since, and when each store was first seen without personal data (ms since the erasure was sent). */
export interface Proof {
  readonly now: Held | undefined;
  readonly cleanAfterMs: ReadonlyMap<string, number>;
  /** `requested`: nothing is erased until another admin confirms it. */
  readonly state: 'reading' | 'clean' | 'requested' | 'late';
  readonly failure: Failure | undefined;
}

const NOTHING: Proof = { now: undefined, cleanAfterMs: new Map(), state: 'reading', failure: undefined };
/** Time (ms) between two reads: the first, and the longest. */
const PAUSES = { first: 200, most: 2_000 };
/** Time (ms) after which an erasure is late, and the page stops reading. */
const WITHIN_MS = 60_000;

/** Reads everything again until no store has personal data any more. */
export function useProof(customerId: string, erasure: Erasure | undefined): Proof {
  const { plainReads } = useConsole();
  const [proof, setProof] = useState(NOTHING);
  useEffect(() => {
    if (erasure === undefined) return;
    const abort = new AbortController();
    const { signal } = abort;
    const read = () => readHeld(plainReads, customerId, { name: erasure.before.name, signal });
    const watch = async () => {
      let last = NOTHING;
      for (let pauseMs = PAUSES.first; last.state === 'reading'; pauseMs = Math.min(pauseMs * 1.5, PAUSES.most)) {
        last = await afterRead(last, erasure, read);
        if (signal.aborted) return;
        setProof(last);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    };
    void watch();
    return () => abort.abort();
  }, [plainReads, customerId, erasure]);
  return proof;
}

async function afterRead(last: Proof, { before, sentAt }: Erasure, read: () => Promise<Held>): Promise<Proof> {
  try {
    const now = await read();
    const ms = performance.now() - sentAt;
    return { now, state: stateOf(now, ms), failure: undefined, cleanAfterMs: cleanTimes(last, { before, now, ms }) };
  } catch (error) {
    return { ...last, failure: toFailure(error) };
  }
}

function stateOf({ holdings, erasedAt, isRequested }: Held, ms: number): Proof['state'] {
  if (erasedAt === undefined && isRequested) return 'requested';
  if (erasedAt !== undefined && holdings.every(({ personal }) => personal === 0)) return 'clean';
  return ms > WITHIN_MS ? 'late' : 'reading';
}

interface Read {
  readonly before: Held;
  readonly now: Held;
  readonly ms: number;
}

/** A store that had personal data before and has none now is clean since this read, or since an earlier one. */
function cleanTimes({ cleanAfterMs }: Proof, { before, now, ms }: Read): ReadonlyMap<string, number> {
  const left = new Set(storesWithData(now));
  const clean = storesWithData(before).filter((store) => !left.has(store));
  return new Map(clean.map((store) => [store, cleanAfterMs.get(store) ?? ms]));
}

const storesWithData = ({ holdings }: Held): readonly string[] =>
  holdings.filter(({ personal }) => personal > 0).map(({ store }) => store);
