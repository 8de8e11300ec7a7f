import { constants, generateKeyPairSync, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { KeyClient } from '@azure/keyvault-keys';
import { SecretClient, type SecretClientOptions } from '@azure/keyvault-secrets';
import type { SecretReader } from '../../src/shared/personal-data/readable-master-key.ts';

export const VAULT = 'https://orders.vault.azure.net';

type HttpClient = NonNullable<SecretClientOptions['httpClient']>;

/** What the vault answers to a request with a token. */
export type VaultAnswer = readonly [status: number, body: object];

/**
 * Answers clients as Key Vault does (https://learn.microsoft.com/rest/api/keyvault): first with a challenge that names the authority to
 * get a token from, then as told.
 * @returns what a client needs to reach the vault, and the requests that had a token
 */
export function answerAsKeyVault(answer: (method: string, path: string, body: string) => VaultAnswer) {
  const requests: string[] = [];
  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      const { pathname } = new URL(request.url);
      const text = typeof request.body === 'string' ? request.body : '';
      const isAuthorized = request.headers.get('authorization') === 'Bearer token-1';
      const [status, body] = isAuthorized ? answer(request.method, pathname, text) : ([401, {}] as const);
      if (isAuthorized) requests.push(`${request.method} ${pathname.replaceAll(/0{10,}/g, '')} ${status}`);
      const headers = createHttpHeaders({
        'content-type': 'application/json',
        ...(!isAuthorized && { 'www-authenticate': CHALLENGE }),
      });
      return { request, status, headers, bodyAsText: JSON.stringify(body) };
    },
  };
  const credential = { getToken: async () => ({ token: 'token-1', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const retryOptions = { maxRetries: 2, retryDelayInMs: 1, maxRetryDelayInMs: 2 };
  return { credential, options: { httpClient, retryOptions }, requests };
}

const unavailable = (status: number): VaultAnswer => [
  status,
  { error: { code: 'ServiceUnavailable', message: 'try again' } },
];

const CHALLENGE =
  'Bearer authorization="https://login.microsoftonline.com/tenant-1", resource="https://vault.azure.net"';

/**
 * The versions of a secret, as the SDK reads them (https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret).
 * @param faults statuses of the next answers, which have no secret
 */
export function secretsInKeyVault(secrets: Readonly<Record<string, string>>, faults: number[] = []) {
  const { credential, options, requests } = answerAsKeyVault((_method, path) => {
    const fault = faults.shift();
    if (fault !== undefined) return unavailable(fault);
    const [, , name = '', version = ''] = path.split('/');
    const found = version === '' ? Object.keys(secrets).at(-1) : version;
    const value = secrets[found ?? ''];
    if (value === undefined) return [404, { error: { code: 'SecretNotFound', message: 'not found' } }];
    return [200, { value, id: `${VAULT}/secrets/${name}/${found}`, attributes: { enabled: true } }];
  });
  const openVault = async (): Promise<SecretReader> => new SecretClient(VAULT, credential, options);
  return { openVault, requests };
}

/** RSA-OAEP-256. */
export const PADDING = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };

/** Two keys of 3,072 bits. Generating them takes a while, so the tests share them. */
export const rsaKeys: () => readonly [KeyObject, KeyObject] = memoized(() => [newRsaKey(), newRsaKey()]);
const newRsaKey = () => generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey;

function memoized<Value>(create: () => Value): () => Value {
  let created: Value | undefined;
  return () => (created ??= create());
}

/**
 * The versions of a key, with which the SDK wraps and unwraps (https://learn.microsoft.com/rest/api/keyvault/keys). The private keys
 * stay in here.
 * @param faults statuses of the next answers, whose requests have no effect
 */
export function keysInKeyVault(faults: number[] = []) {
  const versions = new Map<string, KeyObject>();
  const { credential, options, requests } = answerAsKeyVault((_method, path, body) => {
    const fault = faults.shift();
    if (fault !== undefined) return unavailable(fault);
    const [, , name = '', asked = '', operation] = path.split('/');
    const version = asked === '' ? ([...versions.keys()].at(-1) ?? '') : asked;
    const key = versions.get(version);
    if (key === undefined) return [404, { error: { code: 'KeyNotFound', message: 'not found' } }];
    return operate(key, `${VAULT}/keys/${name}/${version}`, operation, body);
  });
  const openVault = async () => new KeyClient(VAULT, credential, options);
  return { openVault, add: (version: string, key: KeyObject) => versions.set(version, key), requests };
}

/** Returns the public key without an operation, and otherwise wraps or unwraps a value, as the vault does with a key of its own. */
function operate(key: KeyObject, kid: string, operation: string | undefined, body: string): VaultAnswer {
  if (operation === undefined) {
    const { n, e } = key.export({ format: 'jwk' });
    return [200, { key: { kid, kty: 'RSA', key_ops: ['wrapKey', 'unwrapKey'], n, e }, attributes: { enabled: true } }];
  }
  const { alg, value } = JSON.parse(body);
  if (alg !== 'RSA-OAEP-256') return [400, { error: { code: 'BadParameter', message: alg } }];
  const run = operation === 'wrapkey' ? publicEncrypt : privateDecrypt;
  try {
    return [200, { kid, value: run({ key, ...PADDING }, Buffer.from(value, 'base64url')).toString('base64url') }];
  } catch {
    return [400, { error: { code: 'BadParameter', message: 'cannot be decrypted' } }];
  }
}
