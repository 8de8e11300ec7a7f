import { formatEventType, formatReadModel } from '../format/ids.ts';
import { formatCount } from '../format/numbers.ts';
import type { DeadLetter } from './dead-letters.ts';
import type { LetterGroup } from './groups.ts';
import { LetterRow } from './letter-row.tsx';

/** Actions on dead letters. */
export interface LetterActions {
  readonly busy: boolean;
  readonly redriveGroup: (group: LetterGroup<DeadLetter>) => void;
  readonly redrive: (letter: DeadLetter) => void;
  readonly discard: (letter: DeadLetter) => void;
}

/** The dead letters of one read model with one reason and type. */
export function LetterGroupCard({
  group,
  actions: { busy, redriveGroup, redrive, discard },
}: {
  readonly group: LetterGroup<DeadLetter>;
  readonly actions: LetterActions;
}) {
  const { readModel, reason, eventType, letters } = group;
  const name = formatReadModel(readModel);
  const isWaiting = letters[0]?.status === 'waiting';
  return (
    <section className="card" aria-label={`${name}: ${reason}`}>
      <header>
        <div>
          <h2>
            {name}: {reason}
          </h2>
          <p className="soft small">{eventType === undefined ? 'Not an event' : formatEventType(eventType)}</p>
        </div>
        {isWaiting && (
          <button type="button" className="button small" disabled={busy} onClick={() => redriveGroup(group)}>
            Redrive the group of {formatCount(letters.length)}
          </button>
        )}
      </header>
      <ul className="letters">
        {letters.map((letter) => (
          <LetterRow
            key={letter.deadLetterId}
            letter={letter}
            summary={reason}
            busy={busy}
            onRedrive={() => redrive(letter)}
            onDiscard={() => discard(letter)}
          />
        ))}
      </ul>
    </section>
  );
}
