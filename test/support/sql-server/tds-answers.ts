/** Answers of SQL Server in TDS: https://learn.microsoft.com/openspecs/windows_protocols/ms-tds */

/** Packet types. */
export const PACKET = {
  batch: 0x01,
  rpc: 0x03,
  answer: 0x04,
  fedAuthToken: 0x08,
  login: 0x10,
  prelogin: 0x12,
} as const;

const LAST_PACKET = 0x01;
export const HEADER_BYTES = 8;

/** What a server says about encryption at PRELOGIN (2.2.6.5). */
export const ENCRYPTION = { off: 0x00, on: 0x01, notSupported: 0x02 } as const;

/** An answer in one packet. */
export function packet(data: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = PACKET.answer;
  header[1] = LAST_PACKET;
  header.writeUInt16BE(HEADER_BYTES + data.length, 2);
  header[6] = 1;
  return Buffer.concat([header, data]);
}

/** PRELOGIN answer with the options VERSION (0) and ENCRYPTION (1). */
export function preloginAnswer(encryption: number): Buffer {
  const offsetOfData = 11;
  const options = [0, 0, offsetOfData, 0, 6, 1, 0, offsetOfData + 6, 0, 1, 0xff];
  const version = [16, 0, 0, 0, 0, 0];
  return packet(Buffer.from([...options, ...version, encryption]));
}

/** The packet size that a LOGIN7 packet asks for (2.2.6.4). */
export const requestedPacketBytes = (login: Buffer): number => login.readUInt32LE(HEADER_BYTES + 8);

/** LOGINACK (2.2.7.14) of TDS 7.4, and the size of later packets. */
export function loginAnswer(packetBytes: number): Buffer {
  const name = shortText('Microsoft SQL Server');
  const ack = token(0xad, [Buffer.from([1, 0x74, 0, 0, 4]), name, Buffer.from([16, 0, 0, 0])]);
  const packetSize = token(0xe3, [Buffer.from([4]), shortText(String(packetBytes)), shortText('4096')]);
  return packet(Buffer.concat([ack, packetSize, done(0xfd)]));
}

/** The ERROR tokens (2.2.7.10) of a refused login. */
export function errorAnswer(numbers: readonly number[]): Buffer {
  return packet(Buffer.concat([...numbers.map(errorToken), done(0xfd, DONE_ERROR)]));
}

function errorToken(number: number): Buffer {
  const message = `Refused with ${number}.`;
  const head = Buffer.alloc(6);
  head.writeInt32LE(number);
  head[4] = 1;
  head[5] = 14;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(message.length);
  return token(0xaa, [
    head,
    length,
    Buffer.from(message, 'utf16le'),
    shortText('fake'),
    shortText(''),
    Buffer.alloc(4),
  ]);
}

/** The answer to a batch or procedure without results. */
export const doneAnswer = (): Buffer => packet(done(0xfd));

const DONE_ERROR = 0x02;

function done(type: number, status = 0): Buffer {
  const bytes = Buffer.alloc(13);
  bytes[0] = type;
  bytes.writeUInt16LE(status, 1);
  return bytes;
}

function token(type: number, parts: readonly Buffer[]): Buffer {
  const data = Buffer.concat(parts);
  const head = Buffer.alloc(3);
  head[0] = type;
  head.writeUInt16LE(data.length, 1);
  return Buffer.concat([head, data]);
}

function shortText(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'utf16le')]);
}
