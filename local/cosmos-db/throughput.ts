/** Throttling: each physical partition of a container has its own share of request units per second. */

/** The request units of one physical partition. */
export interface Budget {
  /** Milliseconds until the partition answers again; undefined when it does now. */
  retryAfterMs(): number | undefined;
  /** Subtracts what a request cost. The last one in a second may cost more than is left. */
  spend(requestUnits: number): void;
}

export const UNLIMITED: Budget = { retryAfterMs: () => undefined, spend: () => undefined };

export interface ThroughputOptions {
  /** Of each physical partition. */
  readonly requestUnitsPerSecond: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const SECOND = 1_000;

export class Throughput {
  readonly #options: ThroughputOptions;
  readonly #spent = new Map<string, { readonly second: number; readonly requestUnits: number }>();

  constructor(options: ThroughputOptions) {
    this.#options = options;
  }

  /**
   * @param container its resource id
   * @param rangeId of the physical partition
   */
  of(container: string, rangeId: string): Budget {
    const { requestUnitsPerSecond, now } = this.#options;
    const key = `${container}/${rangeId}`;
    const spentIn = (second: number): number => {
      const spent = this.#spent.get(key);
      return spent?.second === second ? spent.requestUnits : 0;
    };
    return {
      retryAfterMs: () => {
        const time = now();
        const isSpent = spentIn(Math.floor(time / SECOND)) >= requestUnitsPerSecond;
        return isSpent ? SECOND - (time % SECOND) : undefined;
      },
      spend: (requestUnits) => {
        const second = Math.floor(now() / SECOND);
        this.#spent.set(key, { second, requestUnits: spentIn(second) + requestUnits });
      },
    };
  }
}
