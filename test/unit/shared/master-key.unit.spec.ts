import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMasterKey, rotateMasterKey } from '../../../local/master-key-file.ts';
import { isOutdated, newDataKey, rewrapDataKey, unwrapDataKey } from '../../../src/shared/personal-data/data-keys.ts';
import { DamagedKey } from '../../../src/shared/personal-data/master-key.ts';
import {
  cachedMasterKey,
  fileMasterKey,
  readableMasterKey,
  type SecretReader,
} from '../../../src/shared/personal-data/readable-master-key.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';

describe('the master key in a file', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'master-key-'));
    path = join(folder, 'master-key.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const open = () => fileMasterKey(path);

  it('has 32 bytes', async () => {
    await createMasterKey(path);
    expect(await open().newest()).toEqual({ version: 'v1', key: expect.any(Buffer) });
    expect((await open().newest()).key).toHaveLength(32);
  });

  it('is readable only by its owner', async () => {
    await createMasterKey(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is not replaced when it already exists', async () => {
    await createMasterKey(path);
    const before = await open().newest();
    await createMasterKey(path);
    expect(await open().newest()).toEqual(before);
  });

  it('can be rotated repeatedly: the last version is the newest, and earlier versions remain', async () => {
    await createMasterKey(path);
    const masterKey = open();
    const first = await masterKey.newest();
    for (let rotation = 2; rotation <= 12; rotation++) expect(await rotateMasterKey(path)).toBe(`v${rotation}`);
    expect((await masterKey.newest()).version).toBe('v12');
    expect(await masterKey.version('v1')).toEqual(first);
  });

  it('is read again for unknown versions, but not for a version that was read', async () => {
    await createMasterKey(path);
    const masterKey = open();
    const first = await masterKey.version('v1');
    await rotateMasterKey(path);
    expect((await masterKey.version('v2')).version).toBe('v2');
    await rm(path);
    expect(await masterKey.version('v1')).toEqual(first);
    await expect(masterKey.newest()).rejects.toThrow('ENOENT');
    await expect(masterKey.version('v3')).rejects.toThrow('ENOENT');
  });

  it('is read again for its newest version only after the file has changed', async () => {
    await createMasterKey(path);
    const masterKey = open();
    const first = await masterKey.newest();
    expect(await masterKey.newest()).toBe(first);
    await rotateMasterKey(path);
    const second = await masterKey.newest();
    expect(second.version).toBe('v2');
    expect(await masterKey.newest()).toBe(second);
  });

  it('has its file named in the error when a version is missing', async () => {
    await createMasterKey(path);
    await expect(open().version('v7')).rejects.toThrow(path);
  });

  it.each([
    ['a key that is too short', JSON.stringify({ v1: randomBytes(16).toString('base64') })],
    ['a key that is not base64', '{"v1":"secret!"}'],
    ['no versions', '{}'],
    ['invalid JSON', 'secret'],
  ])('is rejected when the file has %s', async (_what, text) => {
    await writeFile(path, text);
    await expect(open().newest()).rejects.toThrow();
  });

  it('is rejected when the name of a version would make the ids of data keys longer than 64 characters', async () => {
    await writeFile(path, JSON.stringify({ ['v'.repeat(42)]: someKey() }));
    await expect(open().newest()).rejects.toThrow('has at most 41 characters');
    await writeFile(path, JSON.stringify({ ['v'.repeat(41)]: someKey() }));
    expect((await newDataKey(readableMasterKey(open()), systemRuntime)).keyId).toHaveLength(64);
  });

  it('cannot be read when there is no file', async () => {
    await expect(open().newest()).rejects.toThrow('ENOENT');
  });
});

/** A vault whose secret has these versions. Records each request. */
function vaultWith(versions: Record<string, string>) {
  const requests: string[] = [];
  const vault: SecretReader & { fault?: Error | undefined } = {
    getSecret: async (name, { version } = {}) => {
      requests.push(`${name}/${version ?? 'newest'}`);
      if (vault.fault) throw vault.fault;
      const found = version ?? Object.keys(versions).at(-1) ?? '';
      const value = versions[found];
      if (value === undefined) throw new Error(`no version ${found}`);
      return { value, properties: { version: found } };
    },
  };
  const add = (version: string) => {
    versions[version] = someKey();
  };
  return { vault, requests, add };
}

const someKey = () => randomBytes(32).toString('base64');
const HOUR = 3_600_000;

describe('the master key in a vault', () => {
  it('is read once per version', async () => {
    const { vault, requests } = vaultWith({ a: someKey(), b: someKey() });
    const masterKey = cachedMasterKey(async () => vault, 'key', systemRuntime);
    await Promise.all([masterKey.version('a'), masterKey.version('a'), masterKey.newest(), masterKey.newest()]);
    await Promise.all([masterKey.version('a'), masterKey.version('b')]);
    expect(requests).toEqual(['key/a', 'key/newest']);
  });

  it('gets a new version after an hour', async () => {
    let now = 0;
    const { vault, add } = vaultWith({ a: someKey() });
    const masterKey = cachedMasterKey(async () => vault, 'key', { now: () => now });
    await masterKey.newest();
    add('b');
    now = HOUR - 1;
    expect((await masterKey.newest()).version).toBe('a');
    now = HOUR;
    expect((await masterKey.newest()).version).toBe('b');
  });

  it('gets a new version immediately on refresh', async () => {
    const { vault, add } = vaultWith({ a: someKey() });
    const masterKey = cachedMasterKey(async () => vault, 'key', systemRuntime);
    await masterKey.newest();
    add('b');
    expect((await masterKey.refresh()).version).toBe('b');
    expect((await masterKey.newest()).version).toBe('b');
  });

  it('keeps its version while the vault is unavailable', async () => {
    let now = 0;
    const { vault } = vaultWith({ a: someKey() });
    const masterKey = cachedMasterKey(async () => vault, 'key', { now: () => now });
    await masterKey.newest();
    now = 2 * HOUR;
    vault.fault = new Error('vault unavailable');
    expect((await masterKey.newest()).version).toBe('a');
  });

  it('is requested at each use until the vault is available again', async () => {
    let now = 0;
    const { vault, requests, add } = vaultWith({ a: someKey() });
    const masterKey = cachedMasterKey(async () => vault, 'key', { now: () => now });
    await masterKey.newest();
    now = HOUR;
    vault.fault = new Error('vault unavailable');
    await masterKey.newest();
    await masterKey.newest();
    expect(requests).toHaveLength(3);
    vault.fault = undefined;
    add('b');
    expect((await masterKey.newest()).version).toBe('b');
  });

  it('opens the vault once', async () => {
    let opened = 0;
    const { vault } = vaultWith({ a: someKey(), b: someKey() });
    const open = async () => {
      opened++;
      return vault;
    };
    const masterKey = cachedMasterKey(open, 'key', systemRuntime);
    expect(opened).toBe(0);
    await Promise.all([masterKey.version('a'), masterKey.newest()]);
    await masterKey.refresh();
    expect(opened).toBe(1);
  });

  it('is read again after a fault', async () => {
    const { vault } = vaultWith({ a: someKey() });
    const masterKey = cachedMasterKey(async () => vault, 'key', systemRuntime);
    vault.fault = new Error('vault unavailable');
    await expect(masterKey.newest()).rejects.toThrow('vault unavailable');
    await expect(masterKey.version('a')).rejects.toThrow('vault unavailable');
    vault.fault = undefined;
    expect((await masterKey.version('a')).version).toBe('a');
    expect((await masterKey.newest()).version).toBe('a');
  });

  it('is rejected when it does not have 32 bytes', async () => {
    const { vault } = vaultWith({ a: randomBytes(31).toString('base64') });
    await expect(cachedMasterKey(async () => vault, 'key', systemRuntime).newest()).rejects.toThrow('32 bytes');
  });
});

describe('a data key', () => {
  const { vault, add, requests } = vaultWith({ a: someKey() });
  const open = () => readableMasterKey(cachedMasterKey(async () => vault, 'key', systemRuntime));
  const masterKey = open();

  it('is wrapped under the newest version and always unwraps to the same key', async () => {
    const stored = await newDataKey(masterKey, systemRuntime);
    const { keyId, key } = await unwrapDataKey(stored, masterKey);
    expect([stored.masterKeyVersion, key.length, keyId]).toEqual(['a', 32, stored.keyId]);
    expect((await unwrapDataKey(stored, open())).key).toEqual(key);
  });

  it('has an id of at most 64 characters, with a version as long as those of Key Vault', async () => {
    const { vault: real } = vaultWith({ ['f'.repeat(32)]: someKey() });
    const { keyId } = await newDataKey(
      readableMasterKey(cachedMasterKey(async () => real, 'key', systemRuntime)),
      systemRuntime,
    );
    expect(keyId).toMatch(/^f{32}\.[\w-]{22}$/);
  });

  it('stays the same when it is rewrapped', async () => {
    const stored = await newDataKey(masterKey, systemRuntime);
    add('b');
    await masterKey.refresh();
    const rewrapped = await rewrapDataKey(stored, masterKey);
    expect(rewrapped).toMatchObject({ keyId: stored.keyId, masterKeyVersion: 'b' });
    expect(await unwrapDataKey(rewrapped, masterKey)).toEqual(await unwrapDataKey(stored, masterKey));
  });

  it('is outdated once the master key is rotated, also after it was rewrapped', async () => {
    const stored = await newDataKey(masterKey, systemRuntime);
    expect(await isOutdated(stored, masterKey)).toBe(false);
    add('c');
    await masterKey.refresh();
    expect(await isOutdated(stored, masterKey)).toBe(true);
    expect(await isOutdated(await rewrapDataKey(stored, masterKey), masterKey)).toBe(true);
    expect(await isOutdated(await newDataKey(masterKey, systemRuntime), masterKey)).toBe(false);
  });

  it('is outdated when version 0.1.0 created it, whose ids do not name a version', async () => {
    expect(await isOutdated({ ...(await newDataKey(masterKey, systemRuntime)), keyId: randomUUID() }, masterKey)).toBe(
      true,
    );
  });

  it('is not outdated for an app that has not noticed the rotation yet: it asks the vault once', async () => {
    const other = open();
    await other.refresh();
    add('d');
    await masterKey.refresh();
    const newer = await newDataKey(masterKey, systemRuntime);
    const before = requests.length;
    expect(await isOutdated(newer, other)).toBe(false);
    expect(await isOutdated(newer, other)).toBe(false);
    expect(requests.length).toBe(before + 1);
  });

  it('is not outdated while the newest version is unknown', async () => {
    const stored = await newDataKey(masterKey, systemRuntime);
    const stale = open();
    await stale.refresh();
    add('e');
    await masterKey.refresh();
    const newer = await newDataKey(masterKey, systemRuntime);
    vault.fault = new Error('vault unavailable');
    expect(await isOutdated(newer, stale)).toBe(false);
    vault.fault = undefined;
    await stale.refresh();
    expect(await isOutdated(stored, stale)).toBe(true);
  });

  it('differs for each customer', async () => {
    const [one, other] = [await newDataKey(masterKey, systemRuntime), await newDataKey(masterKey, systemRuntime)];
    expect((await unwrapDataKey(one, masterKey)).key).not.toEqual((await unwrapDataKey(other, masterKey)).key);
  });

  it.each([
    ['it was wrapped with another key', { masterKeyVersion: 'other' }],
    ['it was damaged', { wrappedKey: 'AAAA' }],
  ])('that cannot be unwrapped because %s is reported with the version of the master key', async (_why, change) => {
    add('other');
    const stored = { ...(await newDataKey(masterKey, systemRuntime)), ...change };
    const unwrapping = unwrapDataKey(stored, masterKey);
    await expect(unwrapping).rejects.toBeInstanceOf(DamagedKey);
    await expect(unwrapping).rejects.toMatchObject({
      code: 'damaged-key',
      name: 'DamagedKey',
      message: `A data key cannot be unwrapped with version ${stored.masterKeyVersion} of the master key.`,
      cause: expect.any(Error),
    });
  });
});
