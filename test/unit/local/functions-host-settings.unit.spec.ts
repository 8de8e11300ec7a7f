import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readSettings } from '../../../local/functions-host/settings.ts';

afterEach(() => vi.unstubAllEnvs());

const HOST_JSON = {
  version: '2.0',
  logging: { logLevel: { default: 'Information' } },
  extensions: { http: { routePrefix: '' }, eventHubs: { maxEventBatchSize: 50, prefetchCount: 200 } },
};

/** Reads the settings of an app with these files. */
async function settingsOf(localSettings: object = {}, hostJson: object = HOST_JSON) {
  const root = await mkdtemp(join(tmpdir(), 'settings-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await writeFile(join(root, 'host.json'), JSON.stringify(hostJson));
  await writeFile(join(root, 'local.settings.json'), JSON.stringify(localSettings));
  return readSettings(root, undefined);
}

describe('environment variables AzureFunctionsJobHost__…', () => {
  it('override values of host.json and leave the others as they are', async () => {
    vi.stubEnv('AzureFunctionsJobHost__extensions__eventHubs__maxEventBatchSize', '7');
    const { eventHubs } = await settingsOf();
    expect([eventHubs.maxEventBatchSize, eventHubs.prefetchCount]).toEqual([7, 200]);
  });

  it('add values that host.json does not have', async () => {
    vi.stubEnv('AzureFunctionsJobHost__extensions__eventHubs__loadBalancingUpdateInterval', '00:00:03');
    vi.stubEnv('AzureFunctionsJobHost__extensions__eventHubs__initialOffsetOptions__type', 'fromEnd');
    vi.stubEnv('AzureFunctionsJobHost__logging__logLevel__Function', 'Error');
    const { eventHubs, logLevels } = await settingsOf();
    expect([eventHubs.loadBalancingUpdateIntervalMs, eventHubs.initialOffset]).toEqual([3_000, 'fromEnd']);
    expect(logLevels).toEqual({ default: 'information', Function: 'error' });
  });

  it('match names of host.json in any case', async () => {
    vi.stubEnv('AzureFunctionsJobHost__Extensions__EventHubs__PrefetchCount', '9');
    expect((await settingsOf()).eventHubs.prefetchCount).toBe(9);
  });

  it('are checked like host.json', async () => {
    vi.stubEnv('AzureFunctionsJobHost__extensions__eventHubs__loadBalancingUpdateInterval', 'soon');
    await expect(settingsOf()).rejects.toThrow('must be a time span (hh:mm:ss)');
  });
});

describe('the Event Hubs settings', () => {
  it('are those of the real host when host.json has none', async () => {
    expect((await settingsOf({}, { version: '2.0' })).eventHubs).toEqual({
      maxEventBatchSize: 100,
      minEventBatchSize: 1,
      maxWaitTimeMs: 60_000,
      prefetchCount: 300,
      batchCheckpointFrequency: 1,
      initialOffset: 'fromStart',
      loadBalancingUpdateIntervalMs: 30_000,
      partitionOwnershipExpirationIntervalMs: 120_000,
    });
  });
});

describe('Host.CORS of local.settings.json', () => {
  it('allows no origins by default', async () => {
    expect((await settingsOf()).cors).toBeUndefined();
  });

  it('is a list of origins', async () => {
    const Host = { CORS: 'http://a.example,http://b.example', CORSCredentials: true };
    expect((await settingsOf({ Host })).cors).toEqual({
      origins: ['http://a.example', 'http://b.example'],
      credentials: true,
    });
  });

  it('cannot allow credentials for every origin', async () => {
    await expect(settingsOf({ Host: { CORS: '*', CORSCredentials: true } })).rejects.toThrow(
      'cannot be combined with the origin *',
    );
  });
});
