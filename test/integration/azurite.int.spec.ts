import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type AzuriteServer, loadAzurite, startAzurite, storageConnection } from '../../local/azurite.ts';

const freePorts = { blobPort: 0, queuePort: 0, tablePort: 0 };
let azurite: AzuriteServer;

beforeAll(async () => {
  azurite = await startAzurite(freePorts);
});
afterAll(async () => {
  await azurite.close();
});

async function writeBlob(connectionString: string, text: string): Promise<void> {
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('kept');
  await container.createIfNotExists();
  await container.getBlockBlobClient('note.txt').upload(text, text.length);
}

async function readBlob(connectionString: string): Promise<string> {
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('kept');
  return (await container.getBlobClient('note.txt').downloadToBuffer()).toString();
}

test('a blob written through the connection string can be read back', async () => {
  await writeBlob(azurite.connectionString, 'hello');
  expect(await readBlob(azurite.connectionString)).toBe('hello');
});

test.each(['blobPort', 'queuePort', 'tablePort'] as const)('Azurite responds on its %s once started', async (name) => {
  const answer = await fetch(`http://127.0.0.1:${azurite[name]}/devstoreaccount1?comp=list`);
  await answer.text();
  expect(answer.headers.get('server')).toMatch(/^Azurite/);
});

test('accounts share nothing', async () => {
  const server = await startAzurite({ ...freePorts, accounts: ['one', 'another'] });
  onTestFinished(() => server.close());
  await writeBlob(server.connectionString, 'of one');
  await writeBlob(storageConnection(server, 'another'), 'of another');
  expect(await readBlob(storageConnection(server, 'one'))).toBe('of one');
});

test('startup fails with EADDRINUSE and names the port that is in use', async () => {
  const refused = startAzurite({ ...freePorts, queuePort: azurite.queuePort });
  await expect(refused).rejects.toMatchObject({
    code: 'EADDRINUSE',
    message: `Azurite cannot start: port ${azurite.queuePort} is in use by another program.`,
  });
});

/** Long enough for Azurite to load and to use its ports and folder, if it did so before it is started. */
const LOADED_MS = 3_000;

test('blobs survive a restart on the same port and folder, which the next Azurite leaves alone until it is started', async () => {
  const location = await mkdtemp(join(tmpdir(), 'azurite-'));
  try {
    const first = await startAzurite({ ...freePorts, location });
    const next = loadAzurite({ ...freePorts, location, blobPort: first.blobPort });
    await writeBlob(first.connectionString, 'still here');
    await setTimeout(LOADED_MS);
    await first.close();
    const second = await next.start();
    const text = await readBlob(second.connectionString);
    await second.close();
    expect(text).toBe('still here');
  } finally {
    await rm(location, { recursive: true });
  }
});
