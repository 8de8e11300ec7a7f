import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt, unwrapKey, wrapKey } from '../../../src/shared/personal-data/cipher.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';

const key = randomBytes(32);
const TEXT = 'Ada Lovelace, 李小龍 👩‍👩‍👧';

/** The same base64 with one bit of one byte changed. */
function withBitChanged(base64: string, index: number): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  return bytes.toString('base64');
}

describe('an encrypted text', () => {
  it('is decrypted with its key and its context', () => {
    expect(decrypt(encrypt(TEXT, key, 'event-1', systemRuntime), key, 'event-1')).toBe(TEXT);
  });

  it('may be empty', () => {
    expect(decrypt(encrypt('', key, 'event-1', systemRuntime), key, 'event-1')).toBe('');
  });

  it('differs each time', () => {
    expect(encrypt(TEXT, key, 'event-1', systemRuntime)).not.toBe(encrypt(TEXT, key, 'event-1', systemRuntime));
  });

  it('cannot be decrypted with another key', () => {
    expect(() => decrypt(encrypt(TEXT, key, 'event-1', systemRuntime), randomBytes(32), 'event-1')).toThrow();
  });

  it('cannot be decrypted in another context', () => {
    expect(() => decrypt(encrypt(TEXT, key, 'event-1', systemRuntime), key, 'event-2')).toThrow();
  });

  it.each([
    ['initialization vector', 0],
    ['ciphertext', 12],
    ['tag', -1],
  ])('cannot be decrypted when one bit of its %s was changed', (_part, index) => {
    const encrypted = encrypt(TEXT, key, 'event-1', systemRuntime);
    const at = index < 0 ? Buffer.from(encrypted, 'base64').length + index : index;
    expect(() => decrypt(withBitChanged(encrypted, at), key, 'event-1')).toThrow();
  });

  it.each(['', 'AAAA', 'no base64'])('cannot be decrypted when it is %j', (encrypted) => {
    expect(() => decrypt(encrypted, key, 'event-1')).toThrow();
  });
});

describe('a wrapped key', () => {
  /** RFC 3394, section 4.6: 256 bits of key data with a 256-bit key. */
  const kek = Buffer.from('000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F', 'hex');
  const data = Buffer.from('00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F', 'hex');
  const wrapped = '28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21';

  it('equals the test vector of RFC 3394', () => {
    expect(Buffer.from(wrapKey(data, kek), 'base64').toString('hex').toUpperCase()).toBe(wrapped);
  });

  it('is unwrapped with the key that it was wrapped with', () => {
    expect(unwrapKey(Buffer.from(wrapped, 'hex').toString('base64'), kek)).toEqual(data);
  });

  it('cannot be unwrapped with another key', () => {
    expect(() => unwrapKey(wrapKey(data, kek), randomBytes(32))).toThrow();
  });

  it('cannot be unwrapped when one bit of it was changed', () => {
    expect(() => unwrapKey(withBitChanged(wrapKey(data, kek), 20), kek)).toThrow();
  });
});
