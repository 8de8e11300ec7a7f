import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { createMasterKey } from '../../../local/master-key-file.ts';
import { wrapKey } from '../../../src/shared/personal-data/cipher.ts';
import { openMasterKey, type VaultAccess } from '../../../src/shared/personal-data/open-master-key.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';

const VERSION = 'a'.repeat(32);
const secretBytes = randomBytes(32);
const dataKey = randomBytes(32);

/**
 * Answers as any key vault does (https://learn.microsoft.com/rest/api/keyvault): first with a challenge, then with a version of the
 * secret or key. Records who asks which vault for what.
 */
function keyVaults(faults: number[] = []) {
  const requests: string[] = [];
  const answer = (
    { origin, pathname }: URL,
    authorization: string | undefined,
  ): readonly [status: number, body: object] => {
    if (authorization === undefined) return [401, {}];
    requests.push(`${authorization.replace('Bearer ', '')}: ${origin}${pathname}`);
    const fault = faults.shift();
    if (fault !== undefined) return [fault, {}];
    const [, type, name] = pathname.split('/');
    const id = `${origin}/${type}/${name}/${VERSION}`;
    if (type === 'keys') return [200, { key: { kid: id, kty: 'RSA' }, attributes: {} }];
    return [200, { id, value: secretBytes.toString('base64'), attributes: {} }];
  };
  const access: VaultAccess = {
    credentialOf: (clientId = 'developer') => ({
      getToken: async () => ({ token: clientId, expiresOnTimestamp: Date.now() + 3_600_000 }),
    }),
    httpClient: {
      sendRequest: async (request) => {
        const [status, body] = answer(new URL(request.url), request.headers.get('authorization'));
        const headers = createHttpHeaders({
          'content-type': 'application/json',
          'retry-after': '0',
          'www-authenticate':
            'Bearer authorization="https://login.microsoftonline.com/tenant-1", resource="https://vault.azure.net"',
        });
        return { request, status, headers, bodyAsText: JSON.stringify(body) };
      },
    },
  };
  return { access, requests };
}

const secret = {
  kind: 'secret',
  vaultUrl: 'https://secrets.vault.azure.net',
  name: 'old-key',
  clientId: 'reader-1',
} as const;
const key = {
  kind: 'key',
  vaultUrl: 'https://keys.vault.azure.net',
  name: 'new-key',
  clientId: 'reader-2',
  previous: secret,
} as const;

describe('opening the master key', () => {
  it('uses the file at the path', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'master-key-'));
    const path = join(folder, 'master-key.json');
    await createMasterKey(path);
    const masterKey = openMasterKey({ kind: 'file', path }, systemRuntime);
    const wrapped = await masterKey.wrap(dataKey);
    expect(wrapped.masterKeyVersion).toBe('v1');
    expect(await masterKey.unwrap(wrapped)).toEqual(dataKey);
    await rm(folder, { recursive: true });
  });

  it('uses the secret of the key vault, with the managed identity that reads it', async () => {
    const { access, requests } = keyVaults();
    const wrapped = await openMasterKey(secret, systemRuntime, access).wrap(dataKey);
    expect(wrapped).toEqual({ wrappedKey: wrapKey(dataKey, secretBytes), masterKeyVersion: VERSION });
    expect(requests).toEqual(['reader-1: https://secrets.vault.azure.net/secrets/old-key/']);
  });

  it('uses the key of the key vault, with the managed identity that may use it', async () => {
    const { access, requests } = keyVaults();
    expect(await openMasterKey(key, systemRuntime, access).refresh()).toBe(`key-${VERSION}`);
    expect(requests).toEqual(['reader-2: https://keys.vault.azure.net/keys/new-key/']);
  });

  it('unwraps the data keys of the secret that the key replaces, with the managed identity of the secret', async () => {
    const { access, requests } = keyVaults();
    const stored = { wrappedKey: wrapKey(dataKey, secretBytes), masterKeyVersion: VERSION };
    expect(await openMasterKey(key, systemRuntime, access).unwrap(stored)).toEqual(dataKey);
    expect(requests).toEqual([`reader-1: https://secrets.vault.azure.net/secrets/old-key/${VERSION}`]);
  });

  it('cannot unwrap the data keys of a key of the vault while it is a secret', async () => {
    const { access, requests } = keyVaults([404]);
    const stored = { wrappedKey: wrapKey(dataKey, secretBytes), masterKeyVersion: `key-${VERSION}` };
    await expect(openMasterKey(secret, systemRuntime, access).unwrap(stored)).rejects.toMatchObject({
      statusCode: 404,
    });
    expect(requests).toEqual([`reader-1: https://secrets.vault.azure.net/secrets/old-key/key-${VERSION}`]);
  });

  it.each([secret, key])('sends no request until the $kind is needed', async (location) => {
    const { access, requests } = keyVaults();
    openMasterKey(location, systemRuntime, access);
    await new Promise(setImmediate);
    expect(requests).toEqual([]);
  });

  it.each([secret, key])('gives up on the $kind after three retries', async (location) => {
    const { access, requests } = keyVaults([503, 503, 503, 503]);
    const masterKey = openMasterKey(location, systemRuntime, access);
    await expect(masterKey.refresh()).rejects.toMatchObject({ statusCode: 503 });
    expect(requests).toHaveLength(4);
  });
});
