/**
 * The effective partition key: where a partition key lies in the space that physical partitions divide. It is the second version of the
 * hash, MurmurHash3 for x64 with 128 bits over the encoded values, as `@azure/cosmos` computes it for bulk requests.
 */

/** Types as the encoding begins with them. */
const TYPE = { undefined: 0x00, null: 0x01, false: 0x02, true: 0x03, number: 0x05, string: 0x08 } as const;
const END_OF_STRING = 0xff;
/** The hash has 126 bits: the first two are cleared. */
const HASH_BITS = 126n;

/** The first effective key that no hash reaches. */
export const END_OF_HASHES = 1n << HASH_BITS;

/**
 * @param values of the partition key, as on the wire: `{}` is a missing value. A hierarchical key may lack its last values.
 * @returns 32 hexadecimal digits per value: those of a hierarchical key one after the other, so that keys with the same first values
 *   lie together
 */
export function effectivePartitionKey(values: readonly unknown[]): string {
  return values.map((value) => toHex(hash128(encoded(value)) % END_OF_HASHES)).join('');
}

/** @param hash a number of 126 bits */
export const toHex = (hash: bigint): string => hash.toString(16).toUpperCase().padStart(32, '0');

function encoded(value: unknown): Buffer {
  switch (typeof value) {
    case 'string':
      return Buffer.concat([Buffer.of(TYPE.string), Buffer.from(value), Buffer.of(END_OF_STRING)]);
    case 'number': {
      const bytes = Buffer.alloc(9, TYPE.number);
      bytes.writeDoubleLE(value, 1);
      return bytes;
    }
    case 'boolean':
      return Buffer.of(value ? TYPE.true : TYPE.false);
    default:
      return Buffer.of(value === null ? TYPE.null : TYPE.undefined);
  }
}

const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;

/** https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp: its second half before the first. */
function hash128(bytes: Buffer): bigint {
  const blocks = Math.floor(bytes.length / 16);
  let [h1, h2] = [0n, 0n];
  for (let block = 0; block < blocks; block += 1) {
    h1 ^= mixFirst(bytes.readBigUInt64LE(block * 16));
    h1 = u64(u64(rotated(h1, 27n) + h2) * 5n + 0x52dce729n);
    h2 ^= mixSecond(bytes.readBigUInt64LE(block * 16 + 8));
    h2 = u64(u64(rotated(h2, 31n) + h1) * 5n + 0x38495ab5n);
  }
  const tail = Buffer.alloc(16);
  bytes.copy(tail, 0, blocks * 16);
  h1 ^= mixFirst(tail.readBigUInt64LE(0)) ^ BigInt(bytes.length);
  h2 ^= mixSecond(tail.readBigUInt64LE(8)) ^ BigInt(bytes.length);
  h1 = u64(h1 + h2);
  h2 = u64(h2 + h1);
  h1 = finalized(h1);
  h2 = finalized(h2);
  h1 = u64(h1 + h2);
  h2 = u64(h2 + h1);
  return (h2 << 64n) | h1;
}

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotated = (value: bigint, bits: bigint): bigint => u64((value << bits) | (value >> (64n - bits)));
const mixFirst = (k: bigint): bigint => u64(rotated(u64(k * C1), 31n) * C2);
const mixSecond = (k: bigint): bigint => u64(rotated(u64(k * C2), 33n) * C1);

function finalized(value: bigint): bigint {
  const once = u64((value ^ (value >> 33n)) * 0xff51afd7ed558ccdn);
  const twice = u64((once ^ (once >> 33n)) * 0xc4ceb9fe1a85ec53n);
  return twice ^ (twice >> 33n);
}

/** The partition key of a request in one spelling: escaped and plain non-ASCII characters become the same text. */
export function canonicalKey(header: string): string {
  return JSON.stringify(JSON.parse(header));
}
