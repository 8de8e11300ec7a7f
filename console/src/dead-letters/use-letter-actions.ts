import { type Outcome, useAction } from '../api/use-action.ts';
import { formatReadModel } from '../format/ids.ts';
import { plural } from '../format/numbers.ts';
import { useConsole } from '../session/session-context.tsx';
import { type DeadLetter, discardOne, redriveMatching, redriveOne } from './dead-letters.ts';
import { filterOf, type LetterGroup } from './groups.ts';

/** Redrives and discards dead letters, and reads them again afterwards. */
export function useLetterActions(refresh: () => void) {
  const { orders } = useConsole();
  const { run, busy, end, clear } = useAction();
  const redriveAll = (group?: LetterGroup<DeadLetter>) =>
    run(redriveMatching(orders, group === undefined ? {} : filterOf(group)), toRedriven).then(refresh);
  return {
    busy,
    end,
    clear,
    redriveAll: () => void redriveAll(),
    redriveGroup: (group: LetterGroup<DeadLetter>) => void redriveAll(group),
    redrive: (letter: DeadLetter) => void run(redriveOne(orders, letter.deadLetterId), toRedrivenOne).then(refresh),
    /** Resolves to whether it was discarded. */
    discard: async (letter: DeadLetter, reason: string): Promise<boolean> => {
      const discarded = await run(discardOne(orders, letter.deadLetterId, reason), ({ readModel }) => ({
        title: 'The dead letter is discarded',
        detail: `${formatReadModel(readModel)} will not have the event. A redrive undoes this.`,
      }));
      refresh();
      return discarded;
    },
  };
}

function toRedriven({ redriven, waiting }: { readonly redriven: number; readonly waiting: number }): Outcome {
  if (redriven + waiting === 0) return { title: 'Nothing was left to redrive' };
  const title = `${plural(redriven, 'dead letter')} redriven`;
  if (waiting === 0) return { title, detail: 'All their events have been handled.' };
  return { title, detail: `${plural(waiting, 'dead letter')} failed again: the reasons below are new.`, failed: true };
}

function toRedrivenOne({ readModel, status, reason }: DeadLetter): Outcome {
  if (status === 'redriven') {
    return { title: 'The dead letter is redriven', detail: `Its event has reached ${formatReadModel(readModel)}.` };
  }
  return { title: 'The event failed again, and still waits', detail: reason, failed: true };
}
