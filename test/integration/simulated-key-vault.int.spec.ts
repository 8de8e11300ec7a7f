import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DamagedKey, type MasterKey } from '../../src/shared/personal-data/master-key.ts';
import { cachedMasterKey, readableMasterKey } from '../../src/shared/personal-data/readable-master-key.ts';
import { vaultMasterKey } from '../../src/shared/personal-data/vault-master-key.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { type MasterKeyKind, SimulatedVault } from '../simulation/edges/vault.ts';
import { Process } from '../simulation/kernel/process.ts';
import { settledIn } from '../simulation/kernel/settled.ts';
import { World } from '../simulation/kernel/world.ts';
import { keysInKeyVault, rsaKeys, secretsInKeyVault } from '../support/key-vault.ts';

/** A key vault with one version of the master key. */
interface Vault {
  readonly masterKey: MasterKey;
  rotate(): void;
  /** Ends the time in which the vault is unavailable. */
  recover(): void;
  /** Waits for a result, while time passes. */
  settled<Result>(result: Promise<Result>): Promise<Result>;
}

/** More faults than the SDK tries again. */
const OUTAGE = Array.from({ length: 20 }, () => 503);

async function secretWithTheSdk(isAvailable: boolean): Promise<Vault> {
  const secrets: Record<string, string> = {};
  const rotate = () => {
    secrets[`v${Object.keys(secrets).length + 1}`] = randomBytes(32).toString('base64');
  };
  rotate();
  const faults = isAvailable ? [] : [...OUTAGE];
  const { openVault } = secretsInKeyVault(secrets, faults);
  return {
    masterKey: readableMasterKey(cachedMasterKey(openVault, 'master', systemRuntime)),
    rotate,
    recover: () => void faults.splice(0),
    settled: (result) => result,
  };
}

async function keyWithTheSdk(isAvailable: boolean): Promise<Vault> {
  const [first, second] = rsaKeys();
  const faults = isAvailable ? [] : [...OUTAGE];
  const { openVault, add } = keysInKeyVault(faults);
  add('v1', first);
  return {
    masterKey: vaultMasterKey({ openVault, keyName: 'master', previous: undefined, clock: systemRuntime }),
    rotate: () => void add('v2', second),
    recover: () => void faults.splice(0),
    settled: (result) => result,
  };
}

const inTheSimulation =
  (kind: MasterKeyKind) =>
  async (isAvailable: boolean): Promise<Vault> => {
    const world = new World({ seed: 1, kinds: 'all' }, isAvailable ? {} : { 'vault unavailable': 1 }, false);
    const vault = new SimulatedVault(kind);
    return {
      masterKey: vault.masterKeyOf(new Process(world, 'process', 1)),
      rotate: () => vault.rotate(),
      recover: () => world.calm(),
      settled: (result) => settledIn(world, result),
    };
  };

describe.each([
  ['a secret', 'the SDK', '', secretWithTheSdk],
  ['a secret', 'the simulation', '', inTheSimulation('secret')],
  ['a key that never leaves it', 'the SDK', 'key-', keyWithTheSdk],
  ['a key that never leaves it', 'the simulation', 'key-', inTheSimulation('key')],
])('the master key as %s in a key vault with %s', (_kind, _with, prefix, open) => {
  const dataKey = randomBytes(32);

  it('wraps under the newest version that was read, and unwraps under every version', async () => {
    const { masterKey, rotate, settled } = await open(true);
    const first = await settled(masterKey.wrap(dataKey));
    rotate();
    const cached = await settled(masterKey.wrap(dataKey));
    await settled(masterKey.refresh());
    const second = await settled(masterKey.wrap(dataKey));
    expect([first, cached, second].map(({ masterKeyVersion }) => masterKeyVersion)).toEqual(
      ['v1', 'v1', 'v2'].map((version) => `${prefix}${version}`),
    );
    for (const wrapped of [first, second]) expect(await settled(masterKey.unwrap(wrapped))).toEqual(dataKey);
  });

  it('does not unwrap under a version that does not exist', async () => {
    const { masterKey, settled } = await open(true);
    const wrappedKey = randomBytes(40).toString('base64');
    await expect(settled(masterKey.unwrap({ wrappedKey, masterKeyVersion: `${prefix}v9` }))).rejects.toThrow();
  });

  it('reports a data key that the version did not wrap as damaged', async () => {
    const { masterKey, settled } = await open(true);
    const { masterKeyVersion } = await settled(masterKey.wrap(dataKey));
    const wrappedKey = randomBytes(384).toString('base64');
    await expect(settled(masterKey.unwrap({ wrappedKey, masterKeyVersion }))).rejects.toBeInstanceOf(DamagedKey);
  });

  it('neither wraps nor unwraps while the vault is unavailable, and does both when it is back', async () => {
    const { masterKey, recover, settled } = await open(false);
    await expect(settled(masterKey.wrap(dataKey))).rejects.toThrow();
    await expect(settled(masterKey.unwrap({ wrappedKey: '', masterKeyVersion: `${prefix}v1` }))).rejects.toThrow();
    recover();
    const wrapped = await settled(masterKey.wrap(dataKey));
    expect(await settled(masterKey.unwrap(wrapped))).toEqual(dataKey);
  });
});
