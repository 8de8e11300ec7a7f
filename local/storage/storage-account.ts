import { createSecretKey, type KeyObject } from 'node:crypto';

/** Where the blobs of a Storage account are, and the key that signs requests for them. */
export interface StorageAccount {
  readonly name: string;
  readonly key: KeyObject;
  /** Of the blobs, with a slash at the end. */
  readonly endpoint: URL;
}

/** Azurite's well-known default account: https://learn.microsoft.com/azure/storage/common/storage-connect-azurite */
export const DEVELOPMENT_ACCOUNT = 'devstoreaccount1';
export const DEVELOPMENT_KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const DEVELOPMENT_STORAGE = [
  `AccountName=${DEVELOPMENT_ACCOUNT}`,
  `AccountKey=${DEVELOPMENT_KEY}`,
  `BlobEndpoint=http://127.0.0.1:10000/${DEVELOPMENT_ACCOUNT}`,
].join(';');

/**
 * Reads a connection string: https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
 * @throws {Error} when it has no account key
 */
export function storageAccount(connectionString: string): StorageAccount {
  const text = connectionString.startsWith('UseDevelopmentStorage=true') ? DEVELOPMENT_STORAGE : connectionString;
  const fields = new Map(text.split(';').map(nameAndValue));
  const [name, key] = [fields.get('AccountName'), fields.get('AccountKey')];
  if (name === undefined || key === undefined) {
    throw new Error('A connection string of Storage must have AccountName and AccountKey.');
  }
  const { DefaultEndpointsProtocol = 'https', EndpointSuffix = 'core.windows.net' } = Object.fromEntries(fields);
  const endpoint = fields.get('BlobEndpoint') ?? `${DefaultEndpointsProtocol}://${name}.blob.${EndpointSuffix}`;
  return { name, key: createSecretKey(key, 'base64'), endpoint: new URL(`${endpoint.replace(/\/$/, '')}/`) };
}

function nameAndValue(field: string): readonly [name: string, value: string] {
  const end = field.indexOf('=');
  return [field.slice(0, end), field.slice(end + 1)];
}
