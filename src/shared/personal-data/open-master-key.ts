import type { TokenCredential } from '@azure/identity';
import type { SecretClientOptions } from '@azure/keyvault-secrets';
import { appCredential } from '../credential.ts';
import type { Clock } from '../runtime.ts';
import type { MasterKey } from './master-key.ts';
import { cachedMasterKey, fileMasterKey, readableMasterKey, type SecretReader } from './readable-master-key.ts';
import { type VaultKeys, vaultMasterKey } from './vault-master-key.ts';

/** A secret or a key in a key vault. */
interface InVault {
  readonly vaultUrl: string;
  readonly name: string;
  /** Of the managed identity that reads it. */
  readonly clientId: string | undefined;
}

/** Where the master key is: a file, or a secret or a key in a key vault. */
export type MasterKeyLocation =
  | { readonly kind: 'file'; readonly path: string }
  | (InVault & { readonly kind: 'secret' })
  | (InVault & { readonly kind: 'key'; readonly previous: (InVault & { readonly kind: 'secret' }) | undefined });

/** How key vaults are reached. */
export interface VaultAccess {
  readonly credentialOf: (clientId: string | undefined) => TokenCredential;
  /** Sends the requests; by default the SDK does. */
  readonly httpClient?: NonNullable<SecretClientOptions['httpClient']>;
}

const AZURE: VaultAccess = { credentialOf: appCredential };

/** Few and short retries, because a command may be waiting for the vault. */
const retryOptions = { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 };

/** Opens the master key. Nothing is read until it is needed. */
export function openMasterKey(
  location: MasterKeyLocation,
  clock: Pick<Clock, 'now' | 'monotonicMs' | 'timer'>,
  access = AZURE,
): MasterKey {
  switch (location.kind) {
    case 'file':
      return readableMasterKey(fileMasterKey(location.path));
    case 'secret':
      return readableMasterKey(cachedMasterKey(() => openSecrets(location, access), location.name, clock));
    case 'key':
      return vaultMasterKey({
        openVault: () => openKeys(location, access),
        keyName: location.name,
        previous: location.previous && openMasterKey(location.previous, clock, access),
        clock,
      });
  }
}

/** Loads the SDK on demand, because a cold start does not need it. */
async function openSecrets(
  { vaultUrl, clientId }: InVault,
  { credentialOf, ...options }: VaultAccess,
): Promise<SecretReader> {
  const { SecretClient } = await import('@azure/keyvault-secrets');
  return new SecretClient(vaultUrl, credentialOf(clientId), { ...options, retryOptions });
}

async function openKeys(
  { vaultUrl, clientId }: InVault,
  { credentialOf, ...options }: VaultAccess,
): Promise<VaultKeys> {
  const { KeyClient } = await import('@azure/keyvault-keys');
  return new KeyClient(vaultUrl, credentialOf(clientId), { ...options, retryOptions });
}
