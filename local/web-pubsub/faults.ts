/** Faults on purpose: REST calls that are answered with an error and not carried out. */
import { errorAnswer, type RestAnswer } from './rest-answer.ts';
import type { RestOperation } from './rest-call.ts';

export interface RestFault {
  readonly status: 429 | 500 | 503;
  /** How long the caller shall wait. Without it the SDK does not repeat a call that is answered with 429. */
  readonly retryAfterMs?: number;
  /** Which calls it hits; without it all of them. */
  readonly operation?: RestOperation;
  /** Number of calls it hits before it is over; without it until it is stopped. */
  readonly times?: number;
}

interface ActiveFault {
  readonly fault: RestFault;
  hitsLeft: number;
}

export class Faults {
  readonly #active = new Set<ActiveFault>();

  /** @returns stops the fault */
  inject(fault: RestFault): () => void {
    const active = { fault, hitsLeft: fault.times ?? Number.POSITIVE_INFINITY };
    this.#active.add(active);
    return () => {
      this.#active.delete(active);
    };
  }

  /** Uses up a hit of the first fault that hits the call. */
  answer(operation: RestOperation): RestAnswer | undefined {
    for (const active of this.#active) {
      if ((active.fault.operation ?? operation) !== operation) continue;
      active.hitsLeft -= 1;
      if (active.hitsLeft <= 0) this.#active.delete(active);
      return faultAnswer(active.fault);
    }
    return undefined;
  }
}

function faultAnswer({ status, retryAfterMs }: RestFault): RestAnswer {
  const answer = errorAnswer(status, 'Error.InjectedFault', `Injected fault ${status}.`);
  if (retryAfterMs === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'x-ms-retry-after-ms': String(retryAfterMs) } };
}
