/** The shared access policy of the namespace: https://learn.microsoft.com/azure/event-hubs/authenticate-shared-access-signature */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Its name and its key, as in the connection string and in local.settings.json. They protect nothing. */
export const POLICY = { name: 'local', key: 'local' } as const;

/** True for the name and the key of the policy. */
export function isPolicy(name: string | undefined, key: string | undefined): boolean {
  return name === POLICY.name && equals(key ?? '', POLICY.key);
}

/** True for a token `SharedAccessSignature sr=…&sig=…&se=…&skn=…` that the policy's key has signed and that has not expired. */
export function isSharedAccessSignature(token: unknown): boolean {
  const [, fields] = /^SharedAccessSignature (.+)$/.exec(String(token)) ?? [];
  // The signature is over the resource as it is encoded in the token.
  const [, resource = ''] = /(?:^|&)sr=([^&]*)/.exec(fields ?? '') ?? [];
  const values = new URLSearchParams(fields);
  const expiry = values.get('se') ?? '';
  const expected = createHmac('sha256', POLICY.key).update(`${resource}\n${expiry}`).digest('base64');
  const isCurrent = Number(expiry) * 1000 > Date.now();
  return values.get('skn') === POLICY.name && isCurrent && equals(values.get('sig') ?? '', expected);
}

function equals(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
