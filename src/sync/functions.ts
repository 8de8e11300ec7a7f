import type { AppFunction } from '../shared/functions/app-function.ts';
import type { SyncApp } from './app.ts';
import { getCustomerExport } from './customer-export/get-customer-export.ts';
import { discardDeadLetter } from './dead-letters/discard-dead-letter.ts';
import { recordWaitingTimer } from './dead-letters/record-waiting-timer.ts';
import { redriveDeadLetter, redriveDeadLetters } from './dead-letters/redrive-dead-letters.ts';
import { getEvents } from './events/get-events.ts';
import { getLag } from './lag/get-lag.ts';
import { recordLagTimer } from './lag/record-lag-timer.ts';
import { replicaHeartbeatTimer } from './lag/replica-heartbeat-timer.ts';
import { fillLakeTimer } from './lake/fill-lake-timer.ts';
import { getOverview } from './overview/get-overview.ts';
import { projectionFunctions } from './projector/projection-functions.ts';
import { pushFunction } from './push/push-function.ts';
import { cancelReplay } from './replay/cancel-replay.ts';
import { getReplay, getReplays } from './replay/get-replays.ts';
import { resumeReplaysTimer } from './replay/resume-timer.ts';
import { startReplay } from './replay/start-replay.ts';
import { maintainSearchTimers } from './search/maintain-timer.ts';
import { deleteWebhook } from './webhooks/delete-webhook.ts';
import { deliverWebhooksTimer } from './webhooks/deliver-timer.ts';
import { getWebhookDeliveries, getWebhooks } from './webhooks/get-webhooks.ts';
import { queueWebhooksFunction } from './webhooks/queue-function.ts';
import { replayWebhook } from './webhooks/replay-webhook.ts';
import { rotateWebhookKeysTimer } from './webhooks/rotate-keys-timer.ts';
import { saveWebhook } from './webhooks/save-webhook.ts';

/** The functions of the sync app. */
export function functions(app: SyncApp): readonly AppFunction[] {
  return [
    ...app.projections.flatMap((readModel) => projectionFunctions(app, readModel)),
    ...maintainSearchTimers(app),
    pushFunction(app),
    queueWebhooksFunction(app),
    deliverWebhooksTimer(app),
    rotateWebhookKeysTimer(app),
    saveWebhook(app),
    getWebhooks(app),
    getWebhookDeliveries(app),
    replayWebhook(app),
    deleteWebhook(app),
    startReplay(app),
    getReplay(app),
    getReplays(app),
    cancelReplay(app),
    resumeReplaysTimer(app),
    redriveDeadLetter(app),
    redriveDeadLetters(app),
    discardDeadLetter(app),
    recordWaitingTimer(app),
    getEvents(app),
    getLag(app),
    getOverview(app),
    getCustomerExport(app),
    recordLagTimer(app),
    fillLakeTimer(app),
    ...(app.replica === undefined ? [] : [replicaHeartbeatTimer(app, app.replica)]),
  ];
}
