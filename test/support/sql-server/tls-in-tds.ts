import type { Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { HEADER_BYTES, PACKET, packet } from './tds-answers.ts';

/** Ciphers without a certificate, so that tests need none. Client and server must allow them. */
export const ANONYMOUS_CIPHERS = 'AECDH-AES256-SHA:@SECLEVEL=0';

/**
 * Starts the server's side of TLS on a connection after PRELOGIN. During the handshake, the TLS records are in PRELOGIN packets:
 * one packet for each that the client has sent (2.2.6.5).
 * @returns the decrypted connection
 */
export function startTls(socket: Socket): Duplex {
  const [inner, wire] = duplexPair();
  const decrypted = new TLSSocket(inner, { isServer: true, ciphers: ANONYMOUS_CIPHERS, maxVersion: 'TLSv1.2' });
  let isHandshake = true;
  let flight: Buffer[] = [];
  decrypted.on('error', () => socket.destroy());
  wire.on('data', (records: Buffer) => {
    if (!isHandshake) {
      socket.write(records);
      return;
    }
    if (flight.push(records) > 1) return;
    setImmediate(() => {
      socket.write(packet(Buffer.concat(flight)));
      flight = [];
    });
  });
  socket.on('data', (bytes: Buffer) => {
    isHandshake &&= bytes[0] === PACKET.prelogin;
    wire.write(isHandshake ? bytes.subarray(HEADER_BYTES) : bytes);
  });
  return decrypted;
}
