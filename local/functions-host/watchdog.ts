/** Detects a subscription that has gone quiet, although it normally delivers at regular intervals. */
export class Watchdog {
  #lastActivity = Date.now();
  #busy = 0;

  /** Records activity. Time spent in the work does not count as inactivity. */
  async during(work: () => Promise<unknown> | undefined): Promise<void> {
    this.#busy++;
    try {
      await work();
    } finally {
      this.#busy--;
      this.#lastActivity = Date.now();
    }
  }

  /** Calls back after this long (ms) without activity. @returns a function that stops watching. */
  watch(limitMs: number, onInactive: () => void): () => void {
    this.#lastActivity = Date.now();
    const timer = setInterval(() => {
      if (this.#busy === 0 && Date.now() - this.#lastActivity > limitMs) onInactive();
    }, limitMs / 10);
    return () => clearInterval(timer);
  }
}
