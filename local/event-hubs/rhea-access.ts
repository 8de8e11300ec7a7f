/** What rhea has at run time and its typings lack, each in one typed place. */

import type { Connection, link, Sender, Typed } from 'rhea';
import rhea from 'rhea';

/** rhea's encoder (`rhea/typings/types.d.ts` declares it, the `types` object there does not offer it). */
interface AmqpWriter {
  write(value: Typed): void;
  toBuffer(): Buffer;
}

const Writer: new () => AmqpWriter = Reflect.get(rhea.types, 'Writer');

/** @returns the AMQP encoding of a value */
export function encode(value: Typed): Buffer {
  const writer = new Writer();
  writer.write(value);
  return writer.toBuffer();
}

/**
 * How many more messages may be queued on a link now: what the client's credit allows and the session's buffer holds.
 *
 * rhea takes credit only when it writes a message (the next tick, or later when the session window is closed), so the
 * messages still queued are taken off here. A send beyond the buffer throws.
 *
 * @param sender the link to the client
 * @param sent how many messages have been given to the link since it was opened
 */
export function roomFor(sender: Sender, sent: number): number {
  const credit: number = Reflect.get(sender, 'credit');
  const written: number = Reflect.get(sender, 'delivery_count');
  const freeInBuffer: number = Reflect.get(sender.session, 'outgoing').available();
  return Math.min(credit - (sent - written), freeInBuffer);
}

/** What our side of a link announces in its attach frame; only possible while the link's open event is handled. */
export interface AttachFields {
  readonly properties?: Readonly<Record<string, Typed>>;
  readonly offered_capabilities?: readonly string[];
}

export function announce(endpoint: link, fields: AttachFields): void {
  Object.assign(Reflect.get(endpoint, 'local').attach, fields);
}

/** @returns the capabilities the client asked for at attach (rhea gives one as a string, several as an array) */
export function desiredCapabilities(endpoint: link): readonly string[] {
  return [endpoint.desired_capabilities ?? []].flat();
}

/**
 * Gathers everything written to the connection in this turn of the event loop into one write.
 *
 * It saves a system call per frame, and it keeps an attach and the credit that follows together: the SDK waits a
 * whole second when it finds a producer link without credit.
 */
export function gatherWrites(connection: Connection): void {
  const { socket } = connection;
  if (socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}
