import type { TimerFunction } from '../../shared/functions/app-function.ts';
import { outboxAge, outboxHeld, outboxSize, retryCount } from '../../shared/telemetry/metrics.ts';
import type { CommandsApp } from '../app.ts';
import { LEASE, relayOutbox } from './relay.ts';

/** Timer that publishes the events that a crash or an unavailable hub left in the outbox. */
export function relayOutboxTimer({ config, services, runtime }: CommandsApp): TimerFunction {
  const { schedule, olderThanMs } = config.outbox;
  const owner = runtime.newId(); // one lease owner per process
  return {
    trigger: 'timer',
    name: 'relayOutbox',
    options: {
      schedule,
      handler: async (_timer, context) => {
        const warn = (text: string) => context.warn(text);
        const { store, publisher } = await services();
        const { oldestMs, setAside, waiting, unpublished } = await store.backlog();
        outboxAge.record(oldestMs);
        outboxHeld.record(setAside + waiting);
        outboxSize.record(unpublished);
        const relayed = await relayOutbox(store, publisher, { owner, olderThanMs, ...LEASE, warn }, runtime);
        if (relayed === 0) return;
        retryCount.add(relayed, { component: 'outbox', reason: 'not-published' });
        context.info(`Relayed ${relayed} events from the outbox.`);
      },
    },
  };
}
