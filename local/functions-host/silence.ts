/** Tells when nothing has been heard of a subscription for too long, which otherwise is heard of all the time. */
export class Silence {
  #since = Date.now();
  #busy = 0;

  /** Something was heard; while the work on it lasts, silence is no sign. */
  async during(work: () => Promise<unknown> | undefined): Promise<void> {
    this.#busy++;
    try {
      await work();
    } finally {
      this.#busy--;
      this.#since = Date.now();
    }
  }

  /** Calls back when there has been silence for so long (ms). @returns stops watching */
  watch(limitMs: number, tooLong: () => void): () => void {
    this.#since = Date.now();
    const timer = setInterval(() => {
      if (this.#busy === 0 && Date.now() - this.#since > limitMs) tooLong();
    }, limitMs / 10);
    return () => clearInterval(timer);
  }
}
