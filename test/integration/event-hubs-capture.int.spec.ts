import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventHubProducerClient } from '@azure/event-hubs';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import avro from 'avsc';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AzuriteServer } from '../../local/azurite.ts';
import { type CaptureSettings, startEventHubs } from '../../local/event-hubs/server.ts';
import { eventually, uniqueId } from '../support/system/api-client.ts';
import { newStorageAccount } from '../support/system/storage-account.ts';

let storage: AzuriteServer;
beforeAll(async () => {
  storage = await newStorageAccount();
});

/** Windows that no test waits for. */
const AN_HOUR = 3_600_000;

/** A hub of one partition, with a capture into a container of its own. */
async function start(settings: Partial<CaptureSettings> = {}, file?: string) {
  const hub = settings.hub ?? uniqueId('hub');
  const server = await startEventHubs({
    port: 0,
    hubs: [{ name: hub, partitions: 1, consumerGroups: [] }],
    ...(file !== undefined && { file }),
  });
  const capture = await server.capture({
    hub,
    storage: storage.connectionString,
    container: hub,
    intervalMs: AN_HOUR,
    sizeLimitBytes: 1_000_000,
    skipEmptyArchives: true,
    nameFormat: '{Namespace}/{EventHub}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}/{PartitionId}',
    ...settings,
  });
  const stop = async () => {
    await capture.stop();
    await server.close();
  };
  const container = BlobServiceClient.fromConnectionString(storage.connectionString).getContainerClient(hub);
  const send = async (...bodies: readonly string[]) => {
    const producer = new EventHubProducerClient(server.connectionString, hub);
    await producer.sendBatch(
      bodies.map((body) => ({ body: Buffer.from(body), properties: { type: 'Note', size: 7 } })),
      { partitionKey: 'order-1' },
    );
    await producer.close();
  };
  return { hub, container, send, stop };
}

interface Captured {
  readonly names: readonly string[];
  readonly records: readonly Readonly<Record<string, unknown>>[];
  readonly schema: object;
}

/** All captured files, as a reader with no schema of its own finds them. */
async function read(container: ContainerClient): Promise<Captured> {
  const names: string[] = [];
  const records: Record<string, unknown>[] = [];
  let schema: object = {};
  for await (const { name } of container.listBlobsFlat()) {
    names.push(name);
    const decoder = new avro.streams.BlockDecoder();
    decoder.on('metadata', (type: avro.Type) => {
      schema = JSON.parse(JSON.stringify(type.schema()));
    });
    decoder.end(await container.getBlobClient(name).downloadToBuffer());
    for await (const record of decoder) records.push({ ...record });
  }
  return { names, records, schema };
}

const bodies = ({ records }: Captured) => records.map(({ Body }) => String(Body));
const captured = (container: ContainerClient, events: number) =>
  eventually(
    () => read(container),
    ({ records }) => records.length >= events,
  );

describe('the capture of a hub', () => {
  it('writes the events of a window to a file with the schema and the name of the service', async () => {
    const { hub, container, send, stop } = await start({ intervalMs: 50 });
    onTestFinished(stop);
    await send('one', 'two');
    const { names, records, schema } = await captured(container, 2);
    expect(names[0]).toMatch(new RegExp(`^localhost/${hub}/\\d{4}/\\d\\d/\\d\\d/\\d\\d/\\d\\d/\\d\\d/0\\.avro$`));
    expect(schema).toMatchObject({
      type: 'record',
      name: 'Microsoft.ServiceBus.Messaging.EventData',
      fields: ['SequenceNumber', 'Offset', 'EnqueuedTimeUtc', 'SystemProperties', 'Properties', 'Body'].map((name) => ({
        name,
      })),
    });
    expect(records[0]).toMatchObject({
      SequenceNumber: expect.any(Number),
      Offset: expect.stringMatching(/^\d+$/),
      EnqueuedTimeUtc: expect.stringMatching(/^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d\d:\d\d [AP]M$/),
      SystemProperties: { 'x-opt-partition-key': { string: 'order-1' } },
      Properties: { type: { string: 'Note' }, size: { long: 7 } },
      Body: Buffer.from('one'),
    });
  });

  it('ends a window at its size, and each event is in one file', async () => {
    const { container, send, stop } = await start({ sizeLimitBytes: 2_000 });
    onTestFinished(stop);
    const sent = Array.from({ length: 12 }, (_, index) => String(index).padStart(500, '.'));
    for (const body of sent) await send(body);
    const found = await captured(container, 9);
    expect(found.names.length).toBeGreaterThan(2);
    expect(bodies(found)).toEqual(sent.slice(0, found.records.length));
  });

  it('writes no file for a window without events, unless it is told to', async () => {
    const skipping = await start({ intervalMs: 20 });
    onTestFinished(skipping.stop);
    const writing = await start({ intervalMs: 20, skipEmptyArchives: false });
    onTestFinished(writing.stop);
    const found = await eventually(
      () => read(writing.container),
      ({ names }) => names.length > 0,
    );
    expect(found.records).toEqual([]);
    expect((await read(skipping.container)).names).toEqual([]);
  });

  it('after a restart captures what the last run left out, once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'capture-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'event-hubs.db');
    const first = await start({ sizeLimitBytes: 300 }, file);
    await first.send('a'.repeat(300));
    await captured(first.container, 1);
    await first.send('b');
    await first.stop();
    const second = await start({ hub: first.hub, intervalMs: 50 }, file);
    onTestFinished(second.stop);
    await second.send('c');
    expect(bodies(await captured(second.container, 3))).toEqual(['a'.repeat(300), 'b', 'c']);
  });

  it('writes a window again that could not be written', async () => {
    const warnings = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    onTestFinished(() => warnings.mockRestore());
    const { container, send, stop } = await start({ intervalMs: 20 });
    onTestFinished(stop);
    await container.delete();
    await send('one');
    await eventually(
      () => warnings.mock.calls.length,
      (calls) => calls > 0,
    );
    await container.create();
    expect(bodies(await captured(container, 1))).toEqual(['one']);
  });
});
