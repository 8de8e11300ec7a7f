import { Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { HubConnections } from '../../local/functions-host/hub-connections.ts';
import { consumerFor, GROUPS, startHub } from './event-hubs-clients.ts';

const PARTITIONS = ['0', '1'];

/** Clients that share a connection, and the names of those that have lost it. */
async function openShared() {
  const server = await startHub({ partitions: PARTITIONS.length, empty: true });
  const connections = new HubConnections();
  onTestFinished(() => connections.close());
  const lost: string[] = [];
  const share = (name: string, group: string) => {
    const client = consumerFor(server, group);
    return { client, unshare: connections.share('hub', client, () => lost.push(name)) };
  };
  const first = share('first', GROUPS[0]);
  const second = share('second', GROUPS[1]);
  for (const { client } of [first, second]) expect(await client.getPartitionIds()).toEqual(PARTITIONS);
  return { server, connections, lost, share, first, second };
}

describe('the shared connection of a hub', () => {
  it('is lost for all clients when one of them drops it, and the next client opens another one', async () => {
    const { connections, lost, share, second } = await openShared();
    await connections.drop('hub', second.client);
    expect(lost).toEqual(['first', 'second']);
    const { client } = share('third', GROUPS[0]);
    expect(await client.getPartitionIds()).toEqual(PARTITIONS);
    await connections.drop('hub', second.client);
    expect(lost).toEqual(['first', 'second']);
  });

  it('is lost for all clients when it breaks', async () => {
    const { server, lost } = await openShared();
    server.dropConnections();
    await expect.poll(() => lost).toEqual(['first', 'second']);
  });

  it('sends each frame at once', async () => {
    const withoutDelay = vi.spyOn(Socket.prototype, 'setNoDelay');
    onTestFinished(() => withoutDelay.mockRestore());
    const { server } = await openShared();
    expect(withoutDelay.mock.contexts).toContainEqual(expect.objectContaining({ remotePort: server.port }));
  });

  it('reports its loss to no client that has stopped sharing it', async () => {
    const { connections, lost, first, second } = await openShared();
    first.unshare();
    await connections.drop('hub', second.client);
    expect(lost).toEqual(['second']);
  });
});
