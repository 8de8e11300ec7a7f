import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cachedMasterKey } from '../../src/shared/personal-data/readable-master-key.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { secretsInKeyVault } from '../support/key-vault.ts';

const OLD = 'a'.repeat(32);
const NEW = 'b'.repeat(32);

/** The versions of a secret, as the SDK reads them. */
function keyVault(versions: Readonly<Record<string, string>>, faults: number[] = []) {
  const { openVault, requests } = secretsInKeyVault(versions, faults);
  return { masterKey: cachedMasterKey(openVault, 'master-key', systemRuntime), requests };
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
