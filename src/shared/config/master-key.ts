import * as z from 'zod';
import type { MasterKeyLocation } from '../personal-data/open-master-key.ts';
import { azure, inAzure, isHttps, text } from './environment.ts';

const inVault = (kind: 'secrets' | 'keys') => new RegExp(`^https://[^/]+/${kind}/[\\w-]+/?$`);
const vaultOf = (address: string, clientId: string | undefined) => {
  const { origin, pathname } = new URL(address);
  return { vaultUrl: origin, name: pathname.split('/')[2] ?? '', clientId };
};

/** The master key that wraps customers' data keys. Not a file in Azure, where it would be lost with the instance. */
export const masterKey = z
  .object({
    MASTER_KEY: text.regex(
      /^(file:.+|https:\/\/[^/]+\/(secrets|keys)\/[\w-]+\/?)$/,
      'must be https://<vault>.vault.azure.net/keys/<name> or …/secrets/<name> (or file:<path> on a developer machine)',
    ),
    PREVIOUS_MASTER_KEY: text
      .regex(inVault('secrets'), 'must be https://<vault>.vault.azure.net/secrets/<name>')
      .optional(),
    MASTER_KEY_IDENTITY_CLIENT_ID: text.optional(),
    ...azure,
  })
  .refine(
    ...inAzure(
      'MASTER_KEY',
      isHttps,
      'is a file, which would be lost with the instance: set the address of a key or secret in Key Vault',
    ),
  )
  .transform((env): MasterKeyLocation => {
    if (env.MASTER_KEY.startsWith('file:')) return { kind: 'file', path: env.MASTER_KEY.slice('file:'.length) };
    const { MASTER_KEY_IDENTITY_CLIENT_ID: clientId, PREVIOUS_MASTER_KEY: before } = env;
    const location = vaultOf(env.MASTER_KEY, clientId);
    if (!inVault('keys').test(env.MASTER_KEY)) return { kind: 'secret', ...location };
    const previous = before === undefined ? undefined : ({ kind: 'secret', ...vaultOf(before, clientId) } as const);
    return { kind: 'key', ...location, previous };
  });
