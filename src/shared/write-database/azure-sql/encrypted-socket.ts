import { Socket } from 'node:net';

/** Packet types and header: https://learn.microsoft.com/openspecs/windows_protocols/ms-tds (2.2.3.1). */
const PRELOGIN = 0x12;
const HEADER_BYTES = 8;
const LENGTH_OFFSET = 2;
/** First byte of a TLS record (RFC 8446, 5.1). No TDS packet type is in this range. */
const FIRST_TLS_RECORD = 20;
const LAST_TLS_RECORD = 23;

/** The server does not encrypt, so nothing secret was sent to it. Permanent: a retry cannot help. */
export class NotEncrypted extends Error {
  readonly code = 'EENCRYPT';

  constructor() {
    super('The server does not support encryption. No password or token was sent to it.');
    this.name = 'NotEncrypted';
  }
}

type Done = (error?: Error | null) => void;
type Chunk = { readonly chunk: unknown; readonly encoding: BufferEncoding };

/**
 * A socket that never sends a password, a token or a command in clear text. In clear text it sends only PRELOGIN packets, which
 * negotiate encryption and carry the TLS handshake. Any other packet destroys the socket with `NotEncrypted`. The driver itself
 * goes on in clear text when a server says that it does not encrypt, even if the option `encrypt` is true.
 */
export class EncryptedSocket extends Socket {
  #isEncrypted = false;

  override _write(chunk: unknown, encoding: BufferEncoding, done: Done): void {
    if (this.#maySend(chunk)) super._write(chunk, encoding, done);
    else done(new NotEncrypted());
  }

  override _writev(chunks: Chunk[], done: Done): void {
    if (chunks.every(({ chunk }) => this.#maySend(chunk))) super._writev?.(chunks, done);
    else done(new NotEncrypted());
  }

  /** The driver writes whole packets until TLS starts. Anything else is refused. */
  #maySend(chunk: unknown): boolean {
    if (this.#isEncrypted) return true;
    if (!Buffer.isBuffer(chunk)) return false;
    this.#isEncrypted = isTlsRecord(chunk);
    return this.#isEncrypted || arePreloginPackets(chunk);
  }
}

function isTlsRecord([type = 0]: Buffer): boolean {
  return type >= FIRST_TLS_RECORD && type <= LAST_TLS_RECORD;
}

function arePreloginPackets(bytes: Buffer): boolean {
  if (bytes.length < HEADER_BYTES || bytes[0] !== PRELOGIN) return false;
  const length = bytes.readUInt16BE(LENGTH_OFFSET);
  if (length < HEADER_BYTES) return false;
  return length === bytes.length || arePreloginPackets(bytes.subarray(length));
}
