import { percentile } from '../../shared/percentile.ts';

/** Time (ms) between two reports of one process. */
const REPORT_EVERY_MS = 10_000;
/** The percentile that is reported. */
const PERCENTILE = 95;

/** Collects the lags of projected events until the next report is due. */
export class LagWindow {
  #lagsMs: number[] = [];
  #dueAt = 0;

  /**
   * Adds the lags (ms) of a batch.
   * @param now milliseconds since 1970
   * @returns the 95th percentile since the last report when a report is due, else undefined
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
