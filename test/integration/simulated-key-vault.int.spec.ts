import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { MasterKey } from '../../src/shared/personal-data/master-key.ts';
import { cachedMasterKey, readableMasterKey } from '../../src/shared/personal-data/readable-master-key.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { SimulatedVault } from '../simulation/edges/vault.ts';
import { Process } from '../simulation/kernel/process.ts';
import { settledIn } from '../simulation/kernel/settled.ts';
import { World } from '../simulation/kernel/world.ts';
import { secretsInKeyVault } from '../support/key-vault.ts';

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

async function withTheSdk(isAvailable: boolean): Promise<Vault> {
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

async function inTheSimulation(isAvailable: boolean): Promise<Vault> {
  const world = new World({ seed: 1, kinds: 'all' }, isAvailable ? {} : { 'vault unavailable': 1 }, false);
  const vault = new SimulatedVault();
  return {
    masterKey: vault.masterKeyOf(new Process(world, 'process', 1)),
    rotate: () => vault.rotate(),
    recover: () => world.calm(),
    settled: (result) => settledIn(world, result),
  };
}

describe.each([
  ['the SDK', withTheSdk],
  ['the simulation', inTheSimulation],
])('the master key in a key vault with %s', (_name, open) => {
  const dataKey = randomBytes(32);

  it('wraps under the newest version that was read, and unwraps under every version', async () => {
    const { masterKey, rotate, settled } = await open(true);
    const first = await settled(masterKey.wrap(dataKey));
    rotate();
    const cached = await settled(masterKey.wrap(dataKey));
    await settled(masterKey.refresh());
    const second = await settled(masterKey.wrap(dataKey));
    expect([first, cached, second].map(({ masterKeyVersion }) => masterKeyVersion)).toEqual(['v1', 'v1', 'v2']);
    for (const wrapped of [first, second]) expect(await settled(masterKey.unwrap(wrapped))).toEqual(dataKey);
  });

  it('does not unwrap under a version that does not exist', async () => {
    const { masterKey, settled } = await open(true);
    const { wrappedKey } = await settled(masterKey.wrap(dataKey));
    await expect(settled(masterKey.unwrap({ wrappedKey, masterKeyVersion: 'v9' }))).rejects.toThrow();
  });

  it('neither wraps nor unwraps while the vault is unavailable, and does both when it is back', async () => {
    const { masterKey, recover, settled } = await open(false);
    await expect(settled(masterKey.wrap(dataKey))).rejects.toThrow();
    await expect(settled(masterKey.unwrap({ wrappedKey: '', masterKeyVersion: 'v1' }))).rejects.toThrow();
    recover();
    const wrapped = await settled(masterKey.wrap(dataKey));
    expect(await settled(masterKey.unwrap(wrapped))).toEqual(dataKey);
  });
});
