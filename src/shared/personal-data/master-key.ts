/** A wrapped data key. */
export interface WrappedBytes {
  /** Base64. */
  readonly wrappedKey: string;
  /** The version of the master key that wrapped it. */
  readonly masterKeyVersion: string;
}

/** The master key, which wraps customers' data keys, with all versions that are still in use. */
export interface MasterKey {
  /** Reads the newest version without the cache, which is an hour old at most, and returns its name. Throws when it cannot be read. */
  refresh(): Promise<string>;
  /** True when there is a newer version. False when that is unknown, because it is better to keep using a data key than to refuse orders. */
  isSuperseded(version: string): Promise<boolean>;
  /** Wraps a data key of 32 bytes with the newest version. Throws when it cannot be read. */
  wrap(dataKey: Buffer): Promise<WrappedBytes>;
  /** Unwraps a data key. Throws DamagedKey, and other errors when the version cannot be read. */
  unwrap(wrapped: WrappedBytes): Promise<Buffer>;
}

/** A stored key that cannot be unwrapped: damaged, or not wrapped with the version of the master key that it names. */
export class DamagedKey extends Error {
  readonly code = 'damaged-key';

  constructor(masterKeyVersion: string, options: ErrorOptions) {
    super(`A data key cannot be unwrapped with version ${masterKeyVersion} of the master key.`, options);
    this.name = 'DamagedKey';
  }
}
