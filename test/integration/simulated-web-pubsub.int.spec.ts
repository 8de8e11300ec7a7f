import { describe, expect, it } from 'vitest';
import type { WebPubSub } from '../../src/shared/web-pubsub/open-web-pubsub.ts';
import { Process } from '../simulation/kernel/process.ts';
import { settledIn } from '../simulation/kernel/settled.ts';
import { World } from '../simulation/kernel/world.ts';
import { Services } from '../simulation/services.ts';
import { emptyDatabase } from '../simulation/simulate.ts';
import { clientUrl, eventually, impatientService, plainClient, startServer } from './web-pubsub-clients.ts';

const GROUPS = ['order-1', 'order-2'];

/** A hub of Web PubSub with a member of each group. */
interface Hub {
  readonly client: Pick<WebPubSub, 'group'>;
  /** The orders and versions that the member of a group has got. */
  received(group: string): readonly string[];
  recover(): void;
  settled<Result>(result: Promise<Result>): Promise<Result>;
}

async function withTheSdk(isAvailable: boolean): Promise<Hub> {
  const server = await startServer();
  const urls = await Promise.all(GROUPS.map((group) => clientUrl(server, { groups: [group] })));
  const members = await Promise.all(urls.map((url) => plainClient(url)));
  const recover = isAvailable ? () => undefined : server.injectFault({ status: 503, operation: 'SendToGroup' });
  return {
    client: impatientService(server),
    received: (group) => {
      const changes = (members[GROUPS.indexOf(group)]?.frames ?? []).map((frame) => JSON.parse(String(frame)));
      return changes.map(({ orderId, version }) => `${orderId} ${version}`);
    },
    recover,
    settled: (result) => result,
  };
}

async function inTheSimulation(isAvailable: boolean): Promise<Hub> {
  const world = new World({ seed: 1, kinds: 'all' }, isAvailable ? {} : { 'push unavailable': 1 }, false);
  const { webPubSub } = new Services(world, await emptyDatabase());
  return {
    client: webPubSub.clientOf(new Process(world, 'process', 1)),
    received: (group) =>
      webPubSub.pushed
        .filter((change) => change.group === group)
        .map(({ orderId, version }) => `${orderId} ${version}`),
    recover: () => world.calm(),
    settled: (result) => settledIn(world, result),
  };
}

describe.each([
  ['the SDK with the stand-in', withTheSdk],
  ['the simulation', inTheSimulation],
])('a group of Web PubSub with %s', (_name, open) => {
  const change = (orderId: string, version: number) => ({ orderId, version });

  it('gets what is sent to it, in order, and nothing that is sent to another group', async () => {
    const { client, received, settled } = await open(true);
    for (const version of [1, 2, 3]) {
      for (const group of GROUPS) await settled(client.group(group).sendToAll(change(group, version)));
    }
    await eventually(() =>
      expect(GROUPS.map(received)).toEqual(GROUPS.map((group) => [1, 2, 3].map((version) => `${group} ${version}`))),
    );
  });

  it('gets nothing that could not be sent, and what is sent again later', async () => {
    const { client, received, recover, settled } = await open(false);
    await expect(settled(client.group('order-1').sendToAll(change('order-1', 1)))).rejects.toThrow();
    recover();
    await settled(client.group('order-1').sendToAll(change('order-1', 2)));
    await eventually(() => expect(received('order-1')).toEqual(['order-1 2']));
  });
});
