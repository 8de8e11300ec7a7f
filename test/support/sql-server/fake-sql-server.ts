import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  doneAnswer,
  ENCRYPTION,
  errorAnswer,
  HEADER_BYTES,
  loginAnswer,
  PACKET,
  preloginAnswer,
  requestedPacketBytes,
} from './tds-answers.ts';
import { startTls } from './tls-in-tds.ts';

/** First byte of a connection that starts with TLS (TDS 8), which this server does not speak. */
export const TLS_HANDSHAKE = 0x16;

/** A server that speaks as much TDS as a login and requests without results need. */
export interface FakeSqlServer {
  readonly port: number;
  /** Connections since the start. */
  connections(): number;
  /** Connections that are open. */
  open(): number;
  /** Types of the packets that it received in clear text. */
  received(): readonly number[];
  /** Types of the packets that it received over TLS. */
  receivedEncrypted(): readonly number[];
  /** First byte that the last connection received. */
  firstByte(): number;
  /** Bytes of the largest packet that it received. */
  largestPacket(): number;
  /** Refuses logins with these errors; without any, it accepts them. */
  refuseLogins(...errors: readonly number[]): void;
  /** Cuts all connections. */
  cut(): void;
  /** Cuts all connections, and each new one as soon as it is open, until `comeBack`. */
  goAway(): void;
  comeBack(): void;
  stop(): Promise<void>;
}

export interface FakeSqlServerOptions {
  /** What it says about encryption at PRELOGIN (`ENCRYPTION`). */
  readonly encryption?: number;
}

/** Starts the server on a free port of this machine. */
export async function startFakeSqlServer({
  encryption = ENCRYPTION.notSupported,
}: FakeSqlServerOptions = {}): Promise<FakeSqlServer> {
  const sockets = new Set<Socket>();
  const seen = { connections: 0, types: [] as number[], encryptedTypes: [] as number[], largest: 0, firstByte: 0 };
  let loginErrors: readonly number[] = [];
  let isAway = false;

  const answer = ({ type, bytes }: ReceivedPacket): Buffer => {
    if (type === PACKET.prelogin) return preloginAnswer(encryption);
    if (type !== PACKET.login) return doneAnswer();
    if (loginErrors.length > 0) return errorAnswer(loginErrors);
    return loginAnswer(requestedPacketBytes(bytes));
  };
  const server = createServer((socket) => {
    seen.connections++;
    if (isAway) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    socket.setNoDelay(true);
    socket.once('data', ([type = 0]: Buffer) => {
      seen.firstByte = type;
      if (type === TLS_HANDSHAKE) socket.destroy();
    });
    const stopReading = readPackets(socket, (packet) => {
      seen.types.push(packet.type);
      seen.largest = Math.max(seen.largest, packet.bytes.length);
      if (packet.isLast) socket.write(answer(packet));
      if (encryption !== ENCRYPTION.on) return;
      stopReading();
      const decrypted = startTls(socket);
      readPackets(decrypted, (inTls) => {
        seen.encryptedTypes.push(inTls.type);
        if (inTls.isLast) decrypted.write(answer(inTls));
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    connections: () => seen.connections,
    open: () => sockets.size,
    received: () => seen.types,
    receivedEncrypted: () => seen.encryptedTypes,
    firstByte: () => seen.firstByte,
    largestPacket: () => seen.largest,
    refuseLogins: (...errors) => {
      loginErrors = errors;
    },
    cut,
    goAway: () => {
      isAway = true;
      cut();
    },
    comeBack: () => {
      isAway = false;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}

interface ReceivedPacket {
  readonly type: number;
  readonly bytes: Buffer;
  /** True for the last packet of a message. */
  readonly isLast: boolean;
}

/** Returns a function that stops reading. */
function readPackets(socket: Duplex, onPacket: (packet: ReceivedPacket) => void): () => void {
  let pending = Buffer.alloc(0);
  const onData = (data: Buffer) => {
    pending = Buffer.concat([pending, data]);
    while (pending.length >= HEADER_BYTES) {
      const length = Math.max(HEADER_BYTES, pending.readUInt16BE(2));
      if (pending.length < length) return;
      const bytes = pending.subarray(0, length);
      pending = pending.subarray(length);
      onPacket({ type: bytes.readUInt8(0), bytes, isLast: (bytes.readUInt8(1) & 1) === 1 });
    }
  };
  socket.on('data', onData);
  return () => socket.off('data', onData);
}
