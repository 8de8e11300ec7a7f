import { unwrapKey, wrapKey } from '../../../src/shared/personal-data/cipher.ts';
import type { MasterKey } from '../../../src/shared/personal-data/master-key.ts';
import {
  cachedMasterKey,
  readableMasterKey,
  type SecretReader,
} from '../../../src/shared/personal-data/readable-master-key.ts';
import { type VaultKeys, vaultMasterKey } from '../../../src/shared/personal-data/vault-master-key.ts';
import type { Clock } from '../../../src/shared/runtime.ts';
import type { Process } from '../kernel/process.ts';

/** Kinds of faults of the key vault. */
export const VAULT_FAULTS = { 'vault unavailable': 0.03 };

/** How the master key is kept: as a secret, which the apps read, or as a key, which never leaves the vault. */
export type MasterKeyKind = 'secret' | 'key';

/** Calls the vault. Checks call it without faults. */
type Send = <Result>(step: string, effect: () => Result) => Promise<Result>;

const refusal = (statusCode: number) =>
  Object.assign(new Error(`The vault answers with ${statusCode}.`), { statusCode });

/** A key vault with the versions of the master key. */
export class SimulatedVault {
  readonly #kind: MasterKeyKind;
  readonly #versions = new Map<string, Buffer>();

  constructor(kind: MasterKeyKind = 'secret') {
    this.#kind = kind;
    this.rotate();
  }

  /** Adds a version, which is the newest one from now on. */
  rotate(): void {
    const number = this.#versions.size + 1;
    this.#versions.set(`v${number}`, Buffer.alloc(32, `master key ${number}`));
  }

  /** The master key without any fault, for checks. */
  get masterKey(): MasterKey {
    return this.#open(async (_step, effect) => effect(), {
      now: () => 0,
      monotonicMs: () => 1,
      timer: () => () => undefined,
    });
  }

  /** The master key as a process uses it. */
  masterKeyOf(process: Process): MasterKey {
    const send: Send = (step, effect) =>
      process.call({
        step,
        effect,
        refusals: { 'vault unavailable': () => new Error('The vault is unavailable.') },
        lost: () => new Error('The vault has not answered.'),
      });
    return this.#open(send, process.runtime);
  }

  #open(send: Send, clock: Pick<Clock, 'now' | 'monotonicMs' | 'timer'>): MasterKey {
    if (this.#kind === 'secret')
      return readableMasterKey(cachedMasterKey(async () => this.#secrets(send), 'master', clock));
    const openVault = async () => this.#keys(send);
    return vaultMasterKey({ openVault, keyName: 'master', previous: undefined, clock });
  }

  #secrets(send: Send): SecretReader {
    return {
      getSecret: (_name, { version = this.#newest } = {}) =>
        send('vault read', () => ({ value: this.#find(version).toString('base64'), properties: { version } })),
    };
  }

  /** Wraps with AES Key Wrap, because the vault's own algorithm takes much longer. */
  #keys(send: Send): VaultKeys {
    return {
      getKey: () => send('vault read', () => ({ properties: { version: this.#newest } })),
      getCryptographyClient: (_name, { keyVersion = '' }) => ({
        wrapKey: (_algorithm, key) =>
          send('vault wrap', () => ({
            result: Buffer.from(wrapKey(Buffer.from(key), this.#find(keyVersion)), 'base64'),
          })),
        unwrapKey: (_algorithm, wrapped) =>
          send('vault unwrap', () => ({ result: unwrapped(Buffer.from(wrapped), this.#find(keyVersion)) })),
      }),
    };
  }

  get #newest(): string {
    return `v${this.#versions.size}`;
  }

  #find(version: string): Buffer {
    const key = this.#versions.get(version);
    if (key === undefined) throw refusal(404);
    return key;
  }
}

function unwrapped(wrapped: Buffer, key: Buffer): Buffer {
  try {
    return unwrapKey(wrapped.toString('base64'), key);
  } catch {
    throw refusal(400);
  }
}
