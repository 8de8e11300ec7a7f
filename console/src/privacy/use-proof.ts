import { useEffect, useState } from 'react';
import { toFailure } from '../api/commands.ts';
import { useConsole } from '../session/session-context.tsx';
import type { Held } from './holdings.ts';
import { afterFailure, afterRead, NOT_READ, type Proof } from './proof.ts';
import { readHeld } from './read-holdings.ts';

/** An erasure that was accepted: what was held before, and when it was sent (by `performance.now()`). */
export interface Erasure {
  readonly before: Held;
  readonly sentAt: number;
}

/** Time (ms) between two reads: the first, and the longest. */
const PAUSES = { first: 200, most: 2_000 };

/** Reads everything again until no store has personal data any more. */
export function useProof(customerId: string, erasure: Erasure | undefined) {
  const { plainReads } = useConsole();
  const [proof, setProof] = useState(NOT_READ);
  useEffect(() => {
    if (erasure === undefined) return;
    const abort = new AbortController();
    const { signal } = abort;
    const read = () => readHeld(plainReads, customerId, { name: erasure.before.name, signal });
    const watch = async () => {
      let last = NOT_READ;
      for (let pauseMs = PAUSES.first; last.state === 'reading'; pauseMs = Math.min(pauseMs * 1.5, PAUSES.most)) {
        last = await next(last, erasure, read);
        if (signal.aborted) return;
        setProof(last);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    };
    void watch();
    return () => abort.abort();
  }, [plainReads, customerId, erasure]);
  return { ...proof, failure: proof.error === undefined ? undefined : toFailure(proof.error) };
}

async function next(last: Proof, { before, sentAt }: Erasure, read: () => Promise<Held>): Promise<Proof> {
  try {
    const now = await read();
    return afterRead(last, { before, now, ms: performance.now() - sentAt });
  } catch (error) {
    return afterFailure(last, error, performance.now() - sentAt);
  }
}
