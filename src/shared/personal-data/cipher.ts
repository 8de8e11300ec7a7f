import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import type { Chance } from '../runtime.ts';

/** AES-256-GCM (NIST SP 800-38D): length of the initialization vector and of the tag in bytes. */
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** The default initial value, an integrity check for wrapped keys (RFC 3394, section 2.2.3.1). */
const WRAP_CHECK = Buffer.alloc(8, 0xa6);
export const KEY_BYTES = 32;

/** Imported keys: importing a key takes several times as long as encrypting the personal data of an event. */
const imported = new WeakMap<Buffer, KeyObject>();

function keyObject(key: Buffer): KeyObject {
  const known = imported.get(key) ?? createSecretKey(key);
  imported.set(key, known);
  return known;
}

/**
 * Encrypts a text.
 * @param key 32 bytes
 * @param context additional authenticated data; decryption requires the same value
 * @param chance the source of the initialization vector
 * @returns base64 of initialization vector, ciphertext and tag
 */
export function encrypt(
  text: string,
  key: Buffer,
  context: string,
  { randomBytes }: Pick<Chance, 'randomBytes'>,
): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyObject(key), iv).setAAD(Buffer.from(context));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, ciphertext, cipher.getAuthTag()]).toString('base64');
}

/** Decrypts a text. Throws when the key or the context differs, or when the ciphertext was changed. */
export function decrypt(encrypted: string, key: Buffer, context: string): string {
  const bytes = Buffer.from(encrypted, 'base64');
  const iv = bytes.subarray(0, IV_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', keyObject(key), iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString();
}

/** Wraps a key with another key, both of 32 bytes, by AES Key Wrap (RFC 3394). Returns base64. */
export function wrapKey(key: Buffer, wrappingKey: Buffer): string {
  const cipher = createCipheriv('aes256-wrap', keyObject(wrappingKey), WRAP_CHECK);
  return Buffer.concat([cipher.update(key), cipher.final()]).toString('base64');
}

/** Unwraps a key. Throws when it was wrapped with another key. */
export function unwrapKey(wrapped: string, wrappingKey: Buffer): Buffer {
  const decipher = createDecipheriv('aes256-wrap', keyObject(wrappingKey), WRAP_CHECK);
  return Buffer.concat([decipher.update(wrapped, 'base64'), decipher.final()]);
}
