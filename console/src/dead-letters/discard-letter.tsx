import { formatReadModel } from '../format/ids.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import type { DeadLetter } from './dead-letters.ts';
import type { useLetterActions } from './use-letter-actions.ts';

/** Longest reason, in UTF-16 code units. */
const MAX_REASON_LENGTH = 400;

/** Asks why a dead letter is discarded. */
export function DiscardLetter({
  letter,
  actions: { busy, end, discard },
  onClose,
}: {
  readonly letter: DeadLetter;
  readonly actions: ReturnType<typeof useLetterActions>;
  readonly onClose: () => void;
}) {
  const confirm = async (form: FormData) => {
    if (await discard(letter, String(form.get('reason')).trim())) onClose();
  };
  return (
    <Dialog
      title="Discard the dead letter?"
      confirm="Discard"
      danger
      busy={busy}
      onConfirm={(form) => void confirm(form)}
      onClose={onClose}
    >
      <p className="soft">
        {formatReadModel(letter.readModel)} will not have this event: {letter.reason}
      </p>
      <label className="field">
        <span>Reason</span>
        <input
          className="input"
          name="reason"
          required
          pattern=".*\S.*"
          maxLength={MAX_REASON_LENGTH}
          placeholder="Such as: a test message, not an event"
        />
      </label>
      {end !== undefined && 'failure' in end && <ProblemMessage failure={end.failure} />}
    </Dialog>
  );
}
