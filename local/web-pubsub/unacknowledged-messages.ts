/** Messages that a client of the reliable subprotocol has not acknowledged yet: they are sent again when it recovers. */
import { withSequenceId } from './message.ts';

/** https://github.com/Azure/azure-webpubsub/blob/main/protocols/client/client-spec.md#32-sequenceid */
const MAX_MESSAGES = 1000;
const MAX_BYTES = 16 * 1024 * 1024;

export class UnacknowledgedMessages {
  /** By sequence id, oldest first. */
  readonly #messages = new Map<number, string>();
  #bytes = 0;
  #lastSequenceId = 0;

  /**
   * Keeps a message until it is acknowledged.
   * @returns its JSON with the sequence id; undefined when the buffer is full
   */
  add(envelope: string): string | undefined {
    const sequenceId = this.#lastSequenceId + 1;
    const json = withSequenceId(envelope, sequenceId);
    const bytes = Buffer.byteLength(json);
    if (this.#messages.size >= MAX_MESSAGES || this.#bytes + bytes > MAX_BYTES) return undefined;
    this.#lastSequenceId = sequenceId;
    this.#messages.set(sequenceId, json);
    this.#bytes += bytes;
    return json;
  }

  /** Drops the messages up to and including this one. */
  acknowledge(acknowledgedId: number): void {
    for (const [sequenceId, json] of this.#messages) {
      if (sequenceId > acknowledgedId) return;
      this.#messages.delete(sequenceId);
      this.#bytes -= Buffer.byteLength(json);
    }
  }

  /** In the order in which they were published. */
  inOrder(): readonly string[] {
    return [...this.#messages.values()];
  }
}
