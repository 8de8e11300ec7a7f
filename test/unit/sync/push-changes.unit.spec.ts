import { describe, expect, it, vi } from 'vitest';
import type { OrderEventEnvelope } from '../../../src/shared/events/envelope.ts';
import { changeOfEvent, type OrderChange } from '../../../src/shared/read-models/order-change.ts';
import { TransientFault } from '../../../src/sync/projector/bulk.ts';
import { type PushDependencies, pushChanges } from '../../../src/sync/push/push-changes.ts';
import { orderEvent } from '../../support/events/order-lives.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

/** What was sent, in order: the group and the version. */
function service(send: (group: string) => Promise<void> = async () => {}) {
  const sent: [group: string, version: number, change: unknown][] = [];
  const group = (name: string) => ({
    sendToAll: async (change: OrderChange) => {
      await send(name);
      sent.push([name, change.version, change]);
    },
  });
  return { sent, webPubSub: vi.fn(async () => ({ group })) };
}

/** A clock on which waits take no real time. */
const runtime = { ...simulatedRuntime(), delay: async () => {} };

const everything: PushDependencies['areProjected'] = async (events) => events.map(() => true);
const events = (...of: readonly (readonly [orderId: string, version: number])[]): readonly OrderEventEnvelope[] =>
  of.map(([orderId, version]) => orderEvent(orderId, version));

describe('pushing changes', () => {
  it("sends each change to its order's group and to the group of all orders", async () => {
    const { sent, webPubSub } = service();
    const batch = events(['o1', 1]);
    await pushChanges(batch, { webPubSub, areProjected: everything, runtime });
    const [event] = batch;
    const change = event && changeOfEvent(event);
    expect(sent).toEqual([
      ['order-o1', 1, change],
      ['all-orders', 1, change],
    ]);
  });

  it('sends the changes of one order in version order', async () => {
    const { sent, webPubSub } = service();
    await pushChanges(events(['o1', 1], ['o2', 1], ['o1', 2], ['o1', 3], ['o2', 2]), {
      webPubSub,
      areProjected: everything,
      runtime,
    });
    const versionsIn = (group: string) => sent.filter(([name]) => name === group).map(([, version]) => version);
    expect([versionsIn('order-o1'), versionsIn('order-o2')]).toEqual([
      [1, 2, 3],
      [1, 2],
    ]);
  });

  it('does not open Web PubSub for a batch without orders', async () => {
    const { webPubSub } = service();
    await pushChanges([], { webPubSub, areProjected: everything, runtime });
    expect(webPubSub).not.toHaveBeenCalled();
  });

  it('waits until the order page has a change before it sends it', async () => {
    const { sent, webPubSub } = service();
    const asked: (readonly number[])[] = [];
    await pushChanges(events(['o1', 1], ['o1', 2]), {
      webPubSub,
      runtime,
      areProjected: async (missing) => {
        expect(sent).toEqual([]);
        asked.push(missing.map(({ version }) => version));
        return missing.map(({ version }) => version <= asked.length);
      },
    });
    expect(asked).toEqual([[1, 2], [2]]);
    expect(sent).toHaveLength(4);
  });

  it('asks again only for the orders whose pages are behind', async () => {
    const { webPubSub } = service();
    const asked: (readonly string[])[] = [];
    await pushChanges(events(['o1', 1], ['o2', 1]), {
      webPubSub,
      runtime,
      areProjected: async (missing) => {
        asked.push(missing.map(({ aggregateId }) => aggregateId));
        return missing.map(({ aggregateId }) => aggregateId === 'o1' || asked.length > 1);
      },
    });
    expect(asked).toEqual([['o1', 'o2'], ['o2']]);
  });

  it('sends a change that the order page still does not have after ten seconds', async () => {
    const { sent, webPubSub } = service();
    const clock = simulatedRuntime();
    const pushed = pushChanges(events(['o1', 1]), { webPubSub, areProjected: async () => [false], runtime: clock });
    await clock.pass(9_999);
    expect(sent).toEqual([]);
    await clock.pass(501);
    await pushed;
    expect(sent).toHaveLength(2);
  });

  it('asks for the batch again when Web PubSub cannot be reached', async () => {
    const { webPubSub } = service(async () => {
      throw new Error('503');
    });
    await expect(pushChanges(events(['o1', 1]), { webPubSub, areProjected: everything, runtime })).rejects.toThrow(
      TransientFault,
    );
  });

  it('asks for the batch again when the order pages cannot be read', async () => {
    const { webPubSub } = service();
    const areProjected = () => Promise.reject(new TransientFault('down'));
    await expect(pushChanges(events(['o1', 1]), { webPubSub, areProjected, runtime })).rejects.toThrow('down');
  });
});
