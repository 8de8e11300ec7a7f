/** The ack ids of the requests that a connection has carried out, so that a repeated request is not carried out again. */

/** As Microsoft's emulator remembers: https://github.com/Azure/azure-webpubsub/tree/main/tools/emulator */
const CAPACITY = 1000;

export class RecentAckIds {
  readonly #ackIds = new Set<number>();

  has(ackId: number): boolean {
    return this.#ackIds.has(ackId);
  }

  add(ackId: number): void {
    this.#ackIds.add(ackId);
    if (this.#ackIds.size <= CAPACITY) return;
    for (const oldest of this.#ackIds) {
      this.#ackIds.delete(oldest);
      return;
    }
  }
}
