import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { SecretClient } from '@azure/keyvault-secrets';
import type { SecretReader } from '../../src/shared/personal-data/readable-master-key.ts';

const VAULT = 'https://orders.vault.azure.net';

type HttpClient = NonNullable<NonNullable<ConstructorParameters<typeof SecretClient>[2]>['httpClient']>;

/**
 * Answers as Key Vault does (https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret): first with a challenge that names
 * the authority to get a token from, then with the secret.
 */
export function secretsInKeyVault(secrets: Readonly<Record<string, string>>, faults: number[] = []) {
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
  const openVault = async (): Promise<SecretReader> =>
    new SecretClient(VAULT, credential, { httpClient, retryOptions });
  return { openVault, requests };
}
