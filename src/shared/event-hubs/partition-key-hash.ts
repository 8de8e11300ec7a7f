/**
 * The partition for a key: Bob Jenkins' lookup3 (`hashlittle2`) over the key's UTF-8 bytes, folded to 16 bits.
 *
 * The service and the SDK's buffered producer use the same hash, so the events of a key stay in order however they are sent. Sources:
 * `partitionKeyToIdMapper` of `@azure/event-hubs`; lookup3.c (public domain).
 */

const BLOCK_BYTES = 12;

interface Lanes {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function mix(lanes: Lanes): Lanes {
  let { a, b, c } = lanes;
  a = ((a - c) | 0) ^ rotate(c, 4);
  c = (c + b) | 0;
  b = ((b - a) | 0) ^ rotate(a, 6);
  a = (a + c) | 0;
  c = ((c - b) | 0) ^ rotate(b, 8);
  b = (b + a) | 0;
  a = ((a - c) | 0) ^ rotate(c, 16);
  c = (c + b) | 0;
  b = ((b - a) | 0) ^ rotate(a, 19);
  a = (a + c) | 0;
  c = ((c - b) | 0) ^ rotate(b, 4);
  b = (b + a) | 0;
  return { a, b, c };
}

function finish(lanes: Lanes): Lanes {
  let { a, b, c } = lanes;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return { a, b, c };
}

function addBlock(lanes: Lanes, data: Buffer, offset: number): Lanes {
  return {
    a: (lanes.a + data.readInt32LE(offset)) | 0,
    b: (lanes.b + data.readInt32LE(offset + 4)) | 0,
    c: (lanes.c + data.readInt32LE(offset + 8)) | 0,
  };
}

function hash(data: Buffer): Lanes {
  const seed = (0xdeadbeef + data.length) | 0;
  let lanes: Lanes = { a: seed, b: seed, c: seed };
  let offset = 0;
  for (; data.length - offset > BLOCK_BYTES; offset += BLOCK_BYTES) lanes = mix(addBlock(lanes, data, offset));
  if (data.length === 0) return lanes;
  // Zero padding replaces lookup3's switch over the remaining bytes, in which missing bytes add nothing either.
  const last = Buffer.alloc(BLOCK_BYTES);
  data.copy(last, 0, offset);
  return finish(addBlock(lanes, last, 0));
}

/**
 * @param key the partition key
 * @param partitionCount how many partitions the hub has
 * @returns the partition's index, 0 to `partitionCount` - 1
 */
export function partitionForKey(key: string, partitionCount: number): number {
  const { b, c } = hash(Buffer.from(key, 'utf8'));
  const folded = ((c ^ b) << 16) >> 16;
  return Math.abs(folded % partitionCount);
}
