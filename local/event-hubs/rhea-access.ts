/** What rhea has at run time and its typings lack, each in one typed place. */

import type { Connection, link, Typed } from 'rhea';
import rhea from 'rhea';

/** rhea's encoder and decoder (`rhea/typings/types.d.ts` declares them, the `types` object there does not offer them). */
interface AmqpWriter {
  write(value: Typed): void;
  toBuffer(): Buffer;
}
interface AmqpReader {
  read(): Typed;
}

const Writer: new () => AmqpWriter = Reflect.get(rhea.types, 'Writer');
const Reader: new (encoded: Buffer) => AmqpReader = Reflect.get(rhea.types, 'Reader');

/** @returns the AMQP encoding of a value */
export function encode(value: Typed): Buffer {
  const writer = new Writer();
  writer.write(value);
  return writer.toBuffer();
}

/** @returns the value with its AMQP types, so that encoding it again gives the same types */
export function decode(encoded: Buffer): Typed {
  return new Reader(encoded).read();
}

/** @returns the SASL mechanism that the client chose; undefined if it used none */
export function saslMechanism(connection: Connection): unknown {
  const SASL_PROTOCOL_ID = 3;
  return Reflect.get(connection, 'sasl_transport')?.transports?.[SASL_PROTOCOL_ID]?.mechanism;
}

/** What our side of a link announces in its attach frame; only possible while the link's open event is handled. */
export interface AttachFields {
  readonly properties?: Readonly<Record<string, Typed>>;
  readonly offered_capabilities?: readonly string[];
  readonly snd_settle_mode?: SettleMode;
}

/** Settle mode of a sender (AMQP 1.0 part 2.8.2). */
export type SettleMode = 0 | 1 | 2;
export const settleMode = { unsettled: 0, settled: 1, mixed: 2 } as const satisfies Record<string, SettleMode>;

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
