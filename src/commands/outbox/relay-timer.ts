import { randomUUID } from 'node:crypto';
import type { TimerFunction } from '../../shared/functions/app-function.ts';
import { outboxAge } from '../../shared/telemetry/metrics.ts';
import type { CommandsApp } from '../app.ts';
import { relayOutbox } from './relay.ts';

/** A relay claims at most this many events at once, for this long (ms). */
const LEASE = { leaseMs: 30_000, batchSize: 500 };

/** The timer that publishes events that a crash, or a hub that was down, left in the outbox. */
export function relayOutboxTimer({ config, services }: CommandsApp): TimerFunction {
  const { schedule, olderThanMs } = config.outbox;
  const owner = randomUUID(); // one name per process tells the holder of a lease from all others
  return {
    trigger: 'timer',
    name: 'relayOutbox',
    options: {
      schedule,
      handler: async (_timer, context) => {
        const { store, publisher } = await services();
        outboxAge.record(await store.oldestUnpublishedMs());
        const relayed = await relayOutbox(store, publisher, { owner, olderThanMs, ...LEASE });
        if (relayed > 0) context.info(`Relayed ${relayed} events from the outbox.`);
      },
    },
  };
}
