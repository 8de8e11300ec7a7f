import { type AzuriteServer, startAzurite, storageConnection } from '../../../local/azurite.ts';

/** More than the systems that one worker starts. */
const ACCOUNTS = Array.from({ length: 200 }, (_, number) => `system${number}`);

const unused = ACCOUNTS.values();
let azurite: Promise<AzuriteServer> | undefined;

/** A Storage account that nobody else has used. All systems of a worker share one Azurite, which ends with the worker. */
export async function newStorageAccount(): Promise<AzuriteServer> {
  azurite ??= startAzurite({ blobPort: 0, queuePort: 0, tablePort: 0, accounts: ACCOUNTS });
  const running = await azurite;
  running.unref();
  const { value: account } = unused.next();
  if (account === undefined) throw new Error('One worker has used all Storage accounts.');
  return { ...running, connectionString: storageConnection(running, account), close: async () => undefined };
}
