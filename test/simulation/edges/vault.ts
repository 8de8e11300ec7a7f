import type { MasterKey } from '../../../src/shared/personal-data/master-key.ts';
import {
  cachedMasterKey,
  readableMasterKey,
  type SecretReader,
} from '../../../src/shared/personal-data/readable-master-key.ts';
import type { Process } from '../kernel/process.ts';

/** Kinds of faults of the key vault. */
export const VAULT_FAULTS = { 'vault unavailable': 0.03 };

/** A key vault with the versions of the master key. */
export class SimulatedVault {
  readonly #versions = new Map<string, string>();

  constructor() {
    this.rotate();
  }

  /** Adds a version, which is the newest one from now on. */
  rotate(): void {
    const number = this.#versions.size + 1;
    this.#versions.set(`v${number}`, Buffer.alloc(32, `master key ${number}`).toString('base64'));
  }

  /** The master key without any fault, for checks. */
  get masterKey(): MasterKey {
    return readableMasterKey(cachedMasterKey(async () => this.#reader, 'master', { now: () => 0 }));
  }

  /** The master key as a process reads it. */
  masterKeyOf(process: Process): MasterKey {
    const reader: SecretReader = {
      getSecret: (name, options) =>
        process.call({
          step: 'vault read',
          effect: () => this.#reader.getSecret(name, options),
          refusals: { 'vault unavailable': () => new Error('The vault is unavailable.') },
          lost: () => new Error('The vault has not answered.'),
        }),
    };
    return readableMasterKey(cachedMasterKey(async () => reader, 'master', process.runtime));
  }

  readonly #reader: SecretReader = {
    getSecret: async (_name, { version = [...this.#versions.keys()].at(-1) } = {}) => {
      const value = this.#versions.get(version ?? '');
      if (value === undefined || version === undefined) throw new Error(`The vault has no version ${version}.`);
      return { value, properties: { version } };
    },
  };
}
