import type { AppFunction } from '../shared/functions/app-function.ts';
import type { SyncApp } from './app.ts';
import { getCustomerExport } from './customer-export/get-customer-export.ts';
import { discardDeadLetter } from './dead-letters/discard-dead-letter.ts';
import { recordWaitingTimer } from './dead-letters/record-waiting-timer.ts';
import { redriveDeadLetter, redriveDeadLetters } from './dead-letters/redrive-dead-letters.ts';
import { getLag } from './lag/get-lag.ts';
import { recordLagTimer } from './lag/record-lag-timer.ts';
import { projectionFunctions } from './projector/projection-functions.ts';
import { pushFunction } from './push/push-function.ts';
import { getReplay, getReplays } from './replay/get-replays.ts';
import { resumeReplaysTimer } from './replay/resume-timer.ts';
import { startReplay } from './replay/start-replay.ts';

/** The functions of the sync app. */
export function functions(app: SyncApp): readonly AppFunction[] {
  return [
    ...app.projections.flatMap((readModel) => projectionFunctions(app, readModel)),
    pushFunction(app),
    startReplay(app),
    getReplay(app),
    getReplays(app),
    resumeReplaysTimer(app),
    redriveDeadLetter(app),
    redriveDeadLetters(app),
    discardDeadLetter(app),
    recordWaitingTimer(app),
    getLag(app),
    getCustomerExport(app),
    recordLagTimer(app),
  ];
}
