/**
 * Sends messages over a link as fast as the client takes them. A message is given to rhea only when rhea can write it right away:
 * rhea sends what is in its queue even after the link was closed, and a queued message blocks all other links of the session.
 */
import type { Delivery, Sender, Session } from 'rhea';

/** The part of rhea's session that sends (`Outgoing` in `rhea/lib/session.js`). */
interface Outgoing {
  /** Transfer frames written so far. */
  readonly next_transfer_id: number;
  /** Transfer frames the client has taken; nothing before its first flow. */
  readonly remote_next_transfer_id: number | null | undefined;
  readonly deliveries: { readonly entries: readonly (Delivery | undefined)[]; available(): number };
  /** Transfer frames the client still takes. */
  transfer_window(): number;
  compute_max_payload(tag: string): number | undefined;
}

/** Transfer frames given to each session so far, written or still queued. */
const framesGiven = new WeakMap<Session, number>();

/** The longest delivery tag that rhea makes (a decimal counter). */
const LONGEST_TAG = '0000000000';

/** Sends an encoded message as soon as the client's credit and window allow. */
export function sendEncoded(link: Sender, encoded: Buffer): void {
  link.send(encoded, undefined, 0);
  const frames = frameCount(outgoingOf(link), encoded.length);
  framesGiven.set(link.session, (framesGiven.get(link.session) ?? 0) + frames);
}

/** The messages of one link. */
export class LinkOutput {
  readonly #link: Sender;
  readonly #outgoing: Outgoing;
  #given = 0;

  constructor(link: Sender) {
    this.#link = link;
    this.#outgoing = outgoingOf(link);
  }

  /** The client's credit, minus the messages that rhea will write in the next tick. */
  get credit(): number {
    const credit: number = Reflect.get(this.#link, 'credit');
    const written: number = Reflect.get(this.#link, 'delivery_count');
    return credit - (this.#given - written);
  }

  /** @returns whether rhea would write a message of so many bytes right away */
  takes(bytes: number): boolean {
    const { next_transfer_id: written, remote_next_transfer_id: taken, deliveries } = this.#outgoing;
    if (deliveries.available() === 0) return false;
    const queued = (framesGiven.get(this.#link.session) ?? 0) - written;
    const isIdle = queued === 0 && written === taken; // a message larger than the whole window is sent in parts
    return isIdle || queued + frameCount(this.#outgoing, bytes) <= this.#outgoing.transfer_window();
  }

  send(encoded: Buffer): void {
    sendEncoded(this.#link, encoded);
    this.#given++;
  }

  /** Returns the remaining credit if the client asked for that (drain, AMQP 1.0 part 2.6.7). */
  drain(): void {
    if (Reflect.get(this.#link, '_draining') !== true) return;
    this.#given += this.credit;
    Reflect.get(this.#link, 'set_drained').call(this.#link, true);
  }

  /** Settles all messages of a link that was closed. The client will not settle them, and they would fill rhea's buffer. */
  settleAll(): void {
    for (const delivery of this.#outgoing.deliveries.entries) {
      if (delivery?.link === this.#link) Object.assign(delivery, { settled: true, remote_settled: true });
    }
  }
}

function outgoingOf(link: Sender): Outgoing {
  return Reflect.get(link.session, 'outgoing');
}

function frameCount(outgoing: Outgoing, bytes: number): number {
  const payload = outgoing.compute_max_payload(LONGEST_TAG);
  return payload === undefined ? 1 : Math.max(1, Math.ceil(bytes / payload));
}
