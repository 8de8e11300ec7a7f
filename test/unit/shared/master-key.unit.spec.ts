import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMasterKey, rotateMasterKey } from '../../../local/master-key-file.ts';
import { newDataKey, rewrapDataKey, unwrapDataKey } from '../../../src/shared/personal-data/data-keys.ts';
import { cachedMasterKey, openMasterKey, type SecretReader } from '../../../src/shared/personal-data/master-key.ts';

describe('the master key in a file', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'master-key-'));
    path = join(folder, 'master-key.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const open = () => openMasterKey({ kind: 'file', path });

  it('has 32 bytes', async () => {
    await createMasterKey(path);
    expect(await open().newest()).toEqual({ version: 'v1', key: expect.any(Buffer) });
    expect((await open().newest()).key).toHaveLength(32);
  });

  it('is for its owner alone', async () => {
    await createMasterKey(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('stays as it is when it is to be made again', async () => {
    await createMasterKey(path);
    const before = await open().newest();
    await createMasterKey(path);
    expect(await open().newest()).toEqual(before);
  });

  it('can be rotated any number of times: the last version is the newest, and all stay', async () => {
    await createMasterKey(path);
    const masterKey = open();
    const first = await masterKey.newest();
    for (let rotation = 2; rotation <= 12; rotation++) expect(await rotateMasterKey(path)).toBe(`v${rotation}`);
    expect((await masterKey.newest()).version).toBe('v12');
    expect(await masterKey.version('v1')).toEqual(first);
  });

  it('says which file lacks a version', async () => {
    await createMasterKey(path);
    await expect(open().version('v7')).rejects.toThrow(path);
  });

  it.each([
    ['a key that is too short', JSON.stringify({ v1: randomBytes(16).toString('base64') })],
    ['a key that is no base64', '{"v1":"secret!"}'],
    ['no versions', '{}'],
    ['no JSON', 'secret'],
  ])('is refused when the file has %s', async (_what, text) => {
    await writeFile(path, text);
    await expect(open().newest()).rejects.toThrow();
  });

  it('cannot be read when there is no file', async () => {
    await expect(open().newest()).rejects.toThrow('ENOENT');
  });
});

/** A vault whose secret has the versions given; it notes what it is asked. */
function vaultWith(versions: Record<string, string>) {
  const asked: string[] = [];
  const vault: SecretReader & { fault?: Error | undefined } = {
    getSecret: async (name, { version } = {}) => {
      asked.push(`${name}/${version ?? 'newest'}`);
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
  return { vault, asked, add };
}

const someKey = () => randomBytes(32).toString('base64');
const HOUR = 3_600_000;

describe('the master key in a vault', () => {
  it('is asked for each version once', async () => {
    const { vault, asked } = vaultWith({ a: someKey(), b: someKey() });
    const masterKey = cachedMasterKey(async () => vault, 'key');
    await Promise.all([masterKey.version('a'), masterKey.version('a'), masterKey.newest(), masterKey.newest()]);
    await Promise.all([masterKey.version('a'), masterKey.version('b')]);
    expect(asked).toEqual(['key/a', 'key/newest']);
  });

  it('notices a new version after an hour', async () => {
    let now = 0;
    const { vault, add } = vaultWith({ a: someKey() });
    const masterKey = cachedMasterKey(
      async () => vault,
      'key',
      () => now,
    );
    await masterKey.newest();
    add('b');
    now = HOUR - 1;
    expect((await masterKey.newest()).version).toBe('a');
    now = HOUR;
    expect((await masterKey.newest()).version).toBe('b');
  });

  it('notices it at once when it is looked up', async () => {
    const { vault, add } = vaultWith({ a: someKey() });
    const masterKey = cachedMasterKey(async () => vault, 'key');
    await masterKey.newest();
    add('b');
    expect((await masterKey.refresh()).version).toBe('b');
    expect((await masterKey.newest()).version).toBe('b');
  });

  it('goes on with the version it has while the vault is away', async () => {
    let now = 0;
    const { vault } = vaultWith({ a: someKey() });
    const masterKey = cachedMasterKey(
      async () => vault,
      'key',
      () => now,
    );
    await masterKey.newest();
    now = 2 * HOUR;
    vault.fault = new Error('away');
    expect((await masterKey.newest()).version).toBe('a');
  });

  it('is asked again after a fault', async () => {
    const { vault } = vaultWith({ a: someKey() });
    const masterKey = cachedMasterKey(async () => vault, 'key');
    vault.fault = new Error('away');
    await expect(masterKey.newest()).rejects.toThrow('away');
    await expect(masterKey.version('a')).rejects.toThrow('away');
    vault.fault = undefined;
    expect((await masterKey.newest()).version).toBe('a');
    expect((await masterKey.version('a')).version).toBe('a');
  });

  it('is refused when it has not 32 bytes', async () => {
    const { vault } = vaultWith({ a: randomBytes(31).toString('base64') });
    await expect(cachedMasterKey(async () => vault, 'key').newest()).rejects.toThrow('32 bytes');
  });
});

describe('a data key', () => {
  const { vault, add } = vaultWith({ a: someKey() });
  const masterKey = cachedMasterKey(async () => vault, 'key');

  it('is wrapped under the newest version, and any time the same when it is unwrapped', async () => {
    const stored = await newDataKey(masterKey);
    const key = await unwrapDataKey(stored, masterKey);
    expect([stored.masterKeyVersion, key.length]).toEqual(['a', 32]);
    expect(
      await unwrapDataKey(
        stored,
        cachedMasterKey(async () => vault, 'key'),
      ),
    ).toEqual(key);
  });

  it('stays the same key when it is wrapped anew', async () => {
    const stored = await newDataKey(masterKey);
    add('b');
    const anew = await rewrapDataKey(stored, masterKey, await masterKey.refresh());
    expect(anew).toMatchObject({ keyId: stored.keyId, masterKeyVersion: 'b' });
    expect(await unwrapDataKey(anew, masterKey)).toEqual(await unwrapDataKey(stored, masterKey));
  });

  it('is another one for each customer', async () => {
    const [one, other] = [await newDataKey(masterKey), await newDataKey(masterKey)];
    expect(await unwrapDataKey(one, masterKey)).not.toEqual(await unwrapDataKey(other, masterKey));
  });
});
