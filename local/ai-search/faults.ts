/** Faults on purpose: requests, or documents of requests, that are answered with an error and not carried out. */
import type { RestOperation } from './rest-call.ts';

export interface SearchFault {
  /** Of the request: 429, 500 or 503. Of documents: also 400 (wrong), 409 (version conflict) and 422 (the index is updated). */
  readonly status: 400 | 409 | 422 | 429 | 500 | 503;
  /** Which calls it hits; without it all of them. */
  readonly operation?: RestOperation;
  /** True: it hits every other document of an upload, which is answered with 207, and not the request. */
  readonly documents?: boolean;
  /** Number of calls it hits before it is over; without it until it is stopped. */
  readonly times?: number;
}

interface ActiveFault {
  readonly fault: SearchFault;
  hitsLeft: number;
}

export class Faults {
  readonly #active = new Set<ActiveFault>();

  /** @returns stops the fault */
  inject(fault: SearchFault): () => void {
    const active = { fault, hitsLeft: fault.times ?? Number.POSITIVE_INFINITY };
    this.#active.add(active);
    return () => void this.#active.delete(active);
  }

  /** Uses up a hit of the first fault that hits the call; undefined when there is none. */
  hit(operation: RestOperation): SearchFault | undefined {
    for (const active of this.#active) {
      if ((active.fault.operation ?? operation) !== operation) continue;
      active.hitsLeft -= 1;
      if (active.hitsLeft <= 0) this.#active.delete(active);
      return active.fault;
    }
    return undefined;
  }
}
