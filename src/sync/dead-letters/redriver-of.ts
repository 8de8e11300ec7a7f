import { WEBHOOKS_CONSUMER_GROUP } from '../../shared/event-hubs/hub.ts';
import type { SyncApp } from '../app.ts';
import { projectorOf } from '../projector/projector-of.ts';
import { messageQueue } from '../webhooks/queue-function.ts';
import { type OpenLog, withNewestEvents } from './newest-event.ts';
import type { HandleEvents } from './redrive.ts';

/** What a redrive uses. */
type RedrivingApp = Pick<
  SyncApp,
  'customerKeys' | 'database' | 'projections' | 'runtime' | 'searchIndexers' | 'webhooks'
> & { readonly writeDatabase: OpenLog };

/**
 * Handles events as the consumer of a dead letter does.
 * @param consumer a read model, or `webhooks`. An event of any other consumer is returned: a newer version of the app has left it
 */
export function redriverOf(app: RedrivingApp, consumer: string): HandleEvents {
  if (consumer === WEBHOOKS_CONSUMER_GROUP) return messageQueue(app);
  const readModel = app.projections.find(({ projection }) => projection.container.readModel === consumer);
  if (readModel !== undefined) {
    return withNewestEvents(projectorOf(app, readModel.projection).projectEvents, app.writeDatabase);
  }
  const reason = `this version of the app has no read model ${consumer}`;
  return async (received) => ({ poison: received.map((event) => ({ ...event, reason })) });
}
