import { randomUUID } from 'node:crypto';
import { app } from '@azure/functions';
import type { CommandsConfig } from '../../shared/config.ts';
import { outboxAge } from '../../shared/telemetry/metrics.ts';
import { runtime } from '../app.ts';
import { relayOutbox } from './relay.ts';

/** One name per process, so that a lease tells its holder from every other one. */
const OWNER = randomUUID();
/** Claimed events are this relay's for so long (ms), and at most so many at once. */
const LEASE = { leaseMs: 30_000, batchSize: 500 };

/** Registers the timer that sends what a crash, or a hub that was down, has left in the outbox. */
export function registerOutboxRelay({ schedule, olderThanMs }: CommandsConfig['outbox']): void {
  app.timer('relayOutbox', {
    schedule,
    handler: async (_timer, context) => {
      const { store, publisher } = await runtime();
      outboxAge.record(await store.oldestUnpublishedMs());
      const relayed = await relayOutbox(store, publisher, { owner: OWNER, olderThanMs, ...LEASE });
      if (relayed > 0) context.info(`Relayed ${relayed} events from the outbox.`);
    },
  });
}
