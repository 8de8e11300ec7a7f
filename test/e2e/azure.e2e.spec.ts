import { statSync } from 'node:fs';
import { chmod, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobServiceClient, type BlockBlobClient, type ContainerClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openDevelopmentIssuer } from '../../local/development-issuer.ts';
import { spawnFunctionsHost } from '../../local/functions-host/spawn.ts';
import { apiClient, eventually } from '../support/system/api-client.ts';
import { expectCleanExit, localPrograms, READY, STARTING } from '../support/system/local-programs.ts';
import type { Program } from '../support/system/program.ts';

const { pathOf, start, run } = localPrograms();

/** Whether files have modes that say who can read them. */
const HAS_MODES = process.platform !== 'win32';

/** The files of a folder that other users can read, and the folder itself if they can. */
async function openPathsIn(folder: string): Promise<readonly string[]> {
  const paths = await readdir(folder, { recursive: true });
  expect(paths).toContain('master-key.json');
  return [folder, ...paths.map((path) => join(folder, path))].filter((path) => statSync(path).mode & 0o077);
}

/** Expects a program to have reported a folder that others can read, and to have made the keys private again. */
function expectReported(program: Program, folder: string, keys: readonly string[]): void {
  expect(program.stderr()).toBe(
    `Other users of this machine can read the folder ${folder}, which holds keys and personal data: run chmod -R go= '${folder}'.\n`,
  );
  expect(keys.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
}

/** Where the Functions host holds the lease of a timer. */
function lockOfTimer(program: Program): { readonly container: ContainerClient; readonly blob: BlockBlobClient } {
  const { AzureWebJobsStorage = '' } = printedSettings(program);
  const container =
    BlobServiceClient.fromConnectionString(AzureWebJobsStorage).getContainerClient('azure-webjobs-hosts');
  return { container, blob: container.getBlockBlobClient('locks/orders/Host.Functions.relayOutbox.Listener') };
}

/** Settings from the printed lines `export NAME='value'`. */
function printedSettings(program: Program): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...program.stdout().matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

describe('npm run azure', () => {
  /** The first program on the folder "kept", and the files of its keys. */
  let first: Program;
  let folder: string;
  let masterKey: string;
  let issuerKey: string;
  let leaseId: string | undefined;
  beforeAll(async () => {
    folder = pathOf('kept');
    masterKey = join(folder, 'master-key.json');
    issuerKey = join(folder, 'development-issuer', 'private-key.json');
    first = start('azure.ts', 'kept');
    await first.printed(READY);
    await lockOfTimer(first).container.create();
    await lockOfTimer(first).blob.upload('', 0);
    ({ leaseId } = await lockOfTimer(first).blob.getBlobLeaseClient().acquireLease(60));
  });
  afterAll(() => first?.kill());

  it('runs the services in a private folder, and stops on Ctrl-C', async () => {
    expect(first.stdout()).toMatch(/^Event Hubs .*\nCosmos DB .*\nWeb PubSub .*\nStorage /m);
    if (HAS_MODES) expect(await openPathsIn(folder)).toEqual([]);
    await expectCleanExit(first);
  });

  it('reports a folder that others can read, and leaves the timers of running functions alone when it is restarted', async () => {
    if (HAS_MODES) for (const file of [folder, masterKey, issuerKey]) await chmod(file, 0o755);
    onTestFinished(() => chmod(folder, 0o700));
    const second = run('azure.ts', 'kept');
    await second.printed(READY);
    await expect(lockOfTimer(second).blob.getBlobLeaseClient(leaseId).renewLease()).resolves.toBeDefined();
    if (HAS_MODES) expectReported(second, folder, [masterKey, issuerKey]);
    second.interrupt();
    expect(await second.ended()).toBe(0);
  });

  it('creates a folder that npm start refuses in one sentence, and leaves unchanged, while a key is missing or damaged', async () => {
    const wayOut = `restore the file from a backup, or remove the folder ${folder} to start from nothing.`;
    await rename(masterKey, `${masterKey}.kept`);
    const lost = run('start.ts', 'kept');
    expect([await lost.ended(), lost.stdout(), lost.stderr()]).toEqual([
      1,
      STARTING,
      `${masterKey} is missing, and only this key can decrypt the personal data in ${folder}: ${wayOut}\n`,
    ]);
    await rename(`${masterKey}.kept`, masterKey);

    await writeFile(issuerKey, '{');
    const damaged = run('start.ts', 'kept');
    expect([await damaged.ended(), damaged.stdout(), damaged.stderr()]).toEqual([
      1,
      STARTING,
      `${issuerKey} is damaged: remove it, and the next start creates another one.\n`,
    ]);
    await rm(issuerKey);
  });

  it('seeds customers and products for functions started with the settings it prints', async () => {
    const program = run('azure.ts', 'kept');
    await program.printed(READY);
    expect(program.stdout()).not.toContain('Rebuilding');
    const host = await spawnFunctionsHost({ root: '.', env: printedSettings(program) });
    onTestFinished(() => host.stop());
    const issuer = await openDevelopmentIssuer(join(folder, 'development-issuer'));
    const c1 = apiClient(
      () => `${host.url}/api`,
      () => issuer.sign({ roles: ['customer'], customerId: 'c1', lifetime: 600 }),
    );
    const order = {
      orderId: 'order-1',
      customerId: 'c1',
      items: [{ productId: 'p1', quantity: 2 }],
      shippingAddress: { street: '12 St James Square', city: 'London', state: 'LND', zip: 'SW1Y 4JH' },
    };
    expect(await c1.post('/orders', order)).toMatchObject({ status: 202 });
    const read = await eventually(
      () => c1.get('/orders/order-1?minVersion=1'),
      ({ status }) => status === 200,
    );
    expect(read.body).toMatchObject({ customerName: 'Ada Lovelace' });
    await host.stop();
    await expectCleanExit(program);
  });
});
