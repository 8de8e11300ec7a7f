import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startEventHubs } from '../../local/event-hubs/server.ts';
import { LIVE_CONSUMER_GROUPS, ORDER_EVENTS_HUB } from '../../src/shared/event-hubs/hub.ts';
import { openLagReader } from '../../src/sync/lag/lag.ts';
import { simulatedRuntime } from '../support/simulated-runtime.ts';
import { newStorageAccount } from '../support/system/storage-account.ts';

const HUBS = [{ name: ORDER_EVENTS_HUB, partitions: 2, consumerGroups: LIVE_CONSUMER_GROUPS }];

it('stops waiting for a hub that does not reply, and reads the lag when the hub is back', async () => {
  const storage = await newStorageAccount();
  const { port, connectionString, close } = await startEventHubs({ port: 0, hubs: HUBS });
  await close();
  const silent = await startSilentServer(port);
  const runtime = simulatedRuntime();
  const reader = openLagReader(
    { kind: 'connectionString', connectionString },
    { kind: 'connectionString', connectionString: storage.connectionString },
    runtime,
  );

  const reading = reader.read();
  const shared = reader.read();
  const failed = expect(reading).rejects.toThrow('The hub has not replied within 20 s.');
  await silent.connected;
  await runtime.pass(20_000);
  await failed;
  await expect(shared).rejects.toThrow('The hub has not replied within 20 s.');

  await silent.close();
  const hub = await startEventHubs({ port, hubs: HUBS });
  onTestFinished(() => hub.close());
  onTestFinished(() => reader.close());
  const lags = await reader.read();
  expect(new Set(lags.map(({ partition, behind }) => `${partition}: ${behind}`))).toEqual(new Set(['0: 0', '1: 0']));
});

/** A server that accepts connections and never replies. */
async function startSilentServer(port: number) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => sockets.add(socket)).listen(port, '127.0.0.1');
  const connected = once(server, 'connection');
  await once(server, 'listening');
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(close);
  return { connected, close };
}
