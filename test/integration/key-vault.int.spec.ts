import { randomBytes } from 'node:crypto';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { SecretClient } from '@azure/keyvault-secrets';
import { describe, expect, it } from 'vitest';
import { cachedMasterKey } from '../../src/shared/personal-data/readable-master-key.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';

const VAULT = 'https://orders.vault.azure.net';
const OLD = 'a'.repeat(32);
const NEW = 'b'.repeat(32);

type HttpClient = NonNullable<NonNullable<ConstructorParameters<typeof SecretClient>[2]>['httpClient']>;

/**
 * Answers as Key Vault does (https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret): first with a challenge that names
 * the authority to get a token from, then with the secret.
 */
function keyVault(secrets: Readonly<Record<string, string>>, faults: number[] = []) {
  const requests: string[] = [];
  const answer = (
    path: string,
    authorization: string | undefined,
  ): [status: number, body: object, challenge?: string] => {
    const fault = faults.shift();
    if (fault !== undefined) return [fault, { error: { code: 'ServiceUnavailable', message: 'try again' } }];
    const resource = 'authorization="https://login.microsoftonline.com/tenant-1", resource="https://vault.azure.net"';
    if (authorization !== 'Bearer token-1') return [401, {}, `Bearer ${resource}`];
    const [, , name = '', version = ''] = path.split('/');
    const found = version === '' ? Object.keys(secrets).at(-1) : version;
    const value = secrets[found ?? ''];
    if (value === undefined) return [404, { error: { code: 'SecretNotFound', message: 'not found' } }];
    return [200, { value, id: `${VAULT}/secrets/${name}/${found}`, attributes: { enabled: true } }];
  };
  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      const { pathname } = new URL(request.url);
      const [status, body, challenge] = answer(pathname, request.headers.get('authorization'));
      if (status !== 401) requests.push(`${request.method} ${pathname} ${status}`);
      const headers = createHttpHeaders({
        'content-type': 'application/json',
        ...(challenge !== undefined && { 'www-authenticate': challenge }),
      });
      return { request, status, headers, bodyAsText: JSON.stringify(body) };
    },
  };
  const credential = { getToken: async () => ({ token: 'token-1', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const retryOptions = { maxRetries: 2, retryDelayInMs: 1, maxRetryDelayInMs: 2 };
  const open = async () => new SecretClient(VAULT, credential, { httpClient, retryOptions });
  return { masterKey: cachedMasterKey(open, 'master-key', systemRuntime), requests };
}

const key = randomBytes(32);
const newer = randomBytes(32);
const secrets = { [OLD]: key.toString('base64'), [NEW]: newer.toString('base64') };

describe('the master key in Key Vault', () => {
  it('is the newest version of the secret', async () => {
    const { masterKey, requests } = keyVault(secrets);
    expect(await masterKey.newest()).toEqual({ version: NEW, key: newer });
    expect(requests).toEqual(['GET /secrets/master-key/ 200']);
  });

  it('is also available in a given version', async () => {
    const { masterKey, requests } = keyVault(secrets);
    expect(await masterKey.version(OLD)).toEqual({ version: OLD, key });
    expect(requests).toEqual([`GET /secrets/master-key/${OLD} 200`]);
  });

  it('is not requested again when the newest version is then read by name', async () => {
    const { masterKey, requests } = keyVault(secrets);
    await masterKey.newest();
    await masterKey.version(NEW);
    expect(requests).toHaveLength(1);
  });

  it('is requested again while the vault returns 503', async () => {
    const { masterKey, requests } = keyVault(secrets, [503, 503]);
    expect((await masterKey.newest()).version).toBe(NEW);
    expect(requests.at(-1)).toBe('GET /secrets/master-key/ 200');
  });

  it('is not found (404) in a version that does not exist', async () => {
    await expect(keyVault(secrets).masterKey.version('c'.repeat(32))).rejects.toMatchObject({ statusCode: 404 });
  });
});
