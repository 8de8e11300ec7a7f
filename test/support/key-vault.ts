import { createHttpHeaders } from '@azure/core-rest-pipeline';
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

const CHALLENGE =
  'Bearer authorization="https://login.microsoftonline.com/tenant-1", resource="https://vault.azure.net"';

/**
 * The versions of a secret, as the SDK reads them (https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret).
 * @param faults statuses of the next answers, which have no secret
 */
export function secretsInKeyVault(secrets: Readonly<Record<string, string>>, faults: number[] = []) {
  const { credential, options, requests } = answerAsKeyVault((_method, path) => {
    const fault = faults.shift();
    if (fault !== undefined) return [fault, { error: { code: 'ServiceUnavailable', message: 'try again' } }];
    const [, , name = '', version = ''] = path.split('/');
    const found = version === '' ? Object.keys(secrets).at(-1) : version;
    const value = secrets[found ?? ''];
    if (value === undefined) return [404, { error: { code: 'SecretNotFound', message: 'not found' } }];
    return [200, { value, id: `${VAULT}/secrets/${name}/${found}`, attributes: { enabled: true } }];
  });
  const openVault = async (): Promise<SecretReader> => new SecretClient(VAULT, credential, options);
  return { openVault, requests };
}
