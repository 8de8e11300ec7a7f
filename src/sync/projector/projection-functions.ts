import { type ConsumerGroup, ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB } from '../../shared/event-hubs/hub.ts';
import type { EventHubFunction } from '../../shared/functions/app-function.ts';
import { syncLag } from '../../shared/telemetry/metrics.ts';
import { inTrace } from '../../shared/telemetry/tracing.ts';
import type { SyncApp } from '../app.ts';
import { logDeadLetters } from '../dead-letters/log-dead-letters.ts';
import { LagWindow } from '../lag/lag-window.ts';
import { isLive } from '../lag/live-events.ts';
import { reportLag } from '../lag/report-lag.ts';
import type { ReadModelProjection } from '../projections/projections.ts';
import { isReplayOf } from '../replay/replay.ts';
import { eventHubFunction } from './event-hub-function.ts';
import { projectorOf } from './projector-of.ts';

/**
 * The two Event Hub-triggered functions that keep one read model up to date: `project…` takes live events, `replay…` those of
 * replays, so that neither waits for the other.
 */
export function projectionFunctions(
  app: SyncApp,
  { consumerGroup, projection }: ReadModelProjection,
): readonly EventHubFunction[] {
  const { readModel } = projection.container;
  const live = projectorOf(app, projection, ORDER_EVENTS_HUB);
  const replayed = projectorOf(app, projection, ORDER_EVENTS_REPLAY_HUB);
  const window = new LagWindow();
  const { now } = app.runtime;
  const processStartedAt = now();
  const name = pascalCase(consumerGroup);
  const project = eventHubFunction(app, {
    name: `project${name}`,
    consumer: readModel,
    eventHubName: ORDER_EVENTS_HUB,
    consumerGroup,
    handle: async (received, context) => {
      const { projected, deadLetters } = await live.projectBatch(received);
      logDeadLetters(context, readModel, deadLetters);
      const liveTimes = projected
        .map(({ enqueuedAt, event: { timestamp } }) => ({ enqueuedAt, timestamp }))
        .filter((times) => isLive(times, processStartedAt));
      const projectedAt = now();
      for (const { timestamp } of liveTimes)
        syncLag.record(projectedAt - Date.parse(timestamp), { read_model: readModel });
      const lagMs = window.add(
        liveTimes.map(({ enqueuedAt }) => projectedAt - enqueuedAt.getTime()),
        projectedAt,
      );
      // Not awaited: no batch should be late because of a report.
      if (lagMs !== undefined) void reportLag(app, { readModel, measure: 'projected', lagMs }, context);
    },
  });
  const replay = eventHubFunction(app, {
    name: `replay${name}`,
    consumer: readModel,
    eventHubName: ORDER_EVENTS_REPLAY_HUB,
    consumerGroup,
    partitionName: (partitionId) => `replay/${partitionId}`,
    isWanted: (properties) => isReplayOf(properties.readModel, readModel),
    handle: async (received, context) => {
      const { deadLetters } = await inTrace(received[0]?.traceparent, () => replayed.projectBatch(received));
      logDeadLetters(context, readModel, deadLetters);
    },
  });
  return [project, replay];
}

/** `OrderDetails` for `order-details`. */
function pascalCase(consumerGroup: ConsumerGroup): string {
  return consumerGroup.replaceAll(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());
}
