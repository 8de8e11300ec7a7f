import { appCredential } from '../credential.ts';
import type { MasterKey } from './master-key.ts';
import { cachedMasterKey, fileMasterKey, readableMasterKey } from './readable-master-key.ts';

/** Where the master key is: a file, or a secret in a key vault. */
export type MasterKeyLocation =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'keyVault';
      readonly vaultUrl: string;
      readonly secretName: string;
      readonly clientId: string | undefined;
    };

/** Few and short retries, because a command may be waiting for the vault. */
const RETRY_OPTIONS = { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 };

/** Opens the master key. Nothing is read until it is needed. */
export function openMasterKey(location: MasterKeyLocation): MasterKey {
  if (location.kind === 'file') return readableMasterKey(fileMasterKey(location.path));
  const openVault = async () => {
    // Loaded on demand, because a cold start does not need it.
    const { SecretClient } = await import('@azure/keyvault-secrets');
    return new SecretClient(location.vaultUrl, appCredential(location.clientId), { retryOptions: RETRY_OPTIONS });
  };
  return readableMasterKey(cachedMasterKey(openVault, location.secretName));
}
