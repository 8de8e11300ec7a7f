import { percentile } from '../../shared/percentile.ts';

/** Time (ms) between two reports of one process. */
const REPORT_EVERY_MS = 10_000;
/** What is reported: no more than 5 % of the events were slower. */
const PERCENTILE = 95;

/** Lags of events as they are projected, until the next report is due. */
export class LagWindow {
  #lagsMs: number[] = [];
  #dueAt = 0;

  /**
   * Adds the lags (ms) of a batch.
   * @param now milliseconds since 1970.
   * @returns the 95th percentile since the last report, when the next one is due.
   */
  add(lagsMs: readonly number[], now: number): number | undefined {
    this.#lagsMs.push(...lagsMs);
    if (now < this.#dueAt || this.#lagsMs.length === 0) return undefined;
    const reported = percentile(this.#lagsMs, PERCENTILE);
    this.#lagsMs = [];
    this.#dueAt = now + REPORT_EVERY_MS;
    return reported;
  }
}
