/** Faults on purpose: what the cloud does on a bad day, so that tests can show what the code then does. */
import type { RequestTarget } from './item-request.ts';
import type { CosmosOperation } from './request-log.ts';

/** Which requests a fault hits; without any of these every request on documents. */
export interface FaultScope {
  readonly container?: string;
  readonly operation?: CosmosOperation;
  /** The consistency level that a request asks for: `Session`, for example. */
  readonly consistency?: string;
  /** Number of requests it hits before it is over; without it until it is stopped. */
  readonly times?: number;
}

/** The request is answered with this status and not carried out. */
export interface StatusFault {
  readonly status: 408 | 410 | 429 | 449 | 500 | 503;
  readonly retryAfterMs?: number;
  /** Hits only the first n operations inside a bulk request, as the cloud throttles them; the others are carried out. */
  readonly bulkOperations?: number;
}

export type CosmosFault = FaultScope &
  (
    | StatusFault
    /** The request waits, then goes on. */
    | { readonly latencyMs: number }
    /** The connection is cut before the request is carried out. */
    | { readonly dropConnection: true }
    /** The request is carried out, then the connection is cut: the caller cannot know. */
    | { readonly loseAnswer: true }
    /** Nothing is answered, metadata neither: connections are cut as if nobody listened. */
    | { readonly down: true }
  );

/** What is to happen to one request. */
export interface FaultPlan {
  readonly latencyMs: number;
  readonly status?: StatusFault;
  readonly cutConnection?: 'before' | 'after';
}

/** What decides which faults hit a request. */
type FaultableRequest = Pick<RequestTarget, 'operation' | 'container' | 'consistency'>;

interface ActiveFault {
  readonly fault: CosmosFault;
  hitsLeft: number;
}

export class Faults {
  readonly #active = new Set<ActiveFault>();

  /** @returns stops the fault */
  inject(fault: CosmosFault): () => void {
    const active = { fault, hitsLeft: fault.times ?? Number.POSITIVE_INFINITY };
    this.#active.add(active);
    return () => {
      this.#active.delete(active);
    };
  }

  /** Uses up a hit of each fault in the plan. Latencies add up; of the others the one injected first counts. */
  plan(request: FaultableRequest): FaultPlan {
    let plan: FaultPlan = { latencyMs: 0 };
    for (const active of this.#active) {
      if (!hits(active.fault, request)) continue;
      const next = extend(plan, active.fault);
      if (next === plan) continue;
      plan = next;
      active.hitsLeft -= 1;
      if (active.hitsLeft <= 0) this.#active.delete(active);
    }
    return plan;
  }
}

function hits(fault: CosmosFault, { operation, container, consistency }: FaultableRequest): boolean {
  if ('down' in fault) return true;
  if (fault.operation === undefined ? operation === 'Metadata' : fault.operation !== operation) return false;
  if ('bulkOperations' in fault && operation !== 'Bulk') return false;
  if (fault.consistency !== undefined && fault.consistency !== consistency) return false;
  return fault.container === undefined || fault.container === container;
}

function extend(plan: FaultPlan, fault: CosmosFault): FaultPlan {
  if ('latencyMs' in fault) return { ...plan, latencyMs: plan.latencyMs + fault.latencyMs };
  if (plan.status !== undefined || plan.cutConnection !== undefined) return plan;
  if ('status' in fault) return { ...plan, status: fault };
  return { ...plan, cutConnection: 'loseAnswer' in fault ? 'after' : 'before' };
}
