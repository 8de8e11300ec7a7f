import type { AppFunction } from '../shared/functions/app-function.ts';
import type { SyncApp } from './app.ts';
import { redriveDeadLetter, redriveDeadLetters } from './dead-letters/redrive-dead-letters.ts';
import { getLag } from './lag/get-lag.ts';
import { recordLagTimer } from './lag/record-lag-timer.ts';
import { projectionFunctions } from './projector/event-hub-trigger.ts';
import { getReplay, getReplays } from './replay/get-replays.ts';
import { resumeReplaysTimer } from './replay/resume-timer.ts';
import { startReplay } from './replay/start-replay.ts';

/** The functions of the sync app. */
export function functions(app: SyncApp): readonly AppFunction[] {
  return [
    ...app.projections.flatMap((readModel) => projectionFunctions(app, readModel)),
    startReplay(app),
    getReplay(app),
    getReplays(app),
    resumeReplaysTimer(app),
    redriveDeadLetter(app),
    redriveDeadLetters(app),
    getLag(app),
    recordLagTimer(app),
  ];
}
