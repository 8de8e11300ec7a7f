import { useCallback, useMemo, useState } from 'react';
import { usePoll } from '../api/use-poll.ts';
import { plural } from '../format/numbers.ts';
import { ActionResult } from '../parts/action-result.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { ListIcon } from '../parts/icons.tsx';
import { KnownSince } from '../parts/known-since.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { RunbookLink } from '../parts/runbook-link.tsx';
import { useConsole } from '../session/session-context.tsx';
import { type DeadLetter, type DeadLetterStatus, type FoundLetters, readLetters } from './dead-letters.ts';
import './dead-letters.css';
import { DiscardLetter } from './discard-letter.tsx';
import { groupLetters } from './groups.ts';
import { LetterGroupCard } from './letter-group.tsx';
import { useLetterActions } from './use-letter-actions.ts';

const EVERY_MS = 10_000;
const STATUSES: readonly DeadLetterStatus[] = ['waiting', 'redriven', 'discarded'];

/** The events that a projection could not handle, and what can be done with them. */
export function DeadLettersPage() {
  const { orders } = useConsole();
  const [status, setStatus] = useState<DeadLetterStatus>('waiting');
  const load = useCallback((signal: AbortSignal) => readLetters(orders, status, signal), [orders, status]);
  const { value: found, readAt, failure, refresh } = usePoll(load, EVERY_MS);
  const actions = useLetterActions(refresh);
  const [discarded, setDiscarded] = useState<DeadLetter>();
  const ask = (letter: DeadLetter) => {
    actions.clear();
    setDiscarded(letter);
  };
  return (
    <div className="stack">
      <div className="page-head">
        <div>
          <h1>Dead letters</h1>
          <p>
            Events that a projection or the webhooks could not handle. Other events are not held up.{' '}
            <RunbookLink chapter="dead-letters">What to do</RunbookLink>,{' '}
            <RunbookLink chapter="redrive-dead-letters">how to redrive</RunbookLink>.
          </p>
        </div>
        <div className="row">
          <KnownSince readAt={readAt} failure={failure} />
          <StatusChoice status={status} onChange={setStatus} />
          {found !== undefined && found.waiting > 0 && (
            <button type="button" className="button primary" disabled={actions.busy} onClick={actions.redriveAll}>
              Redrive all {found.waiting}
            </button>
          )}
        </div>
      </div>
      <ActionResult end={discarded === undefined ? actions.end : undefined} />
      {failure !== undefined && <ProblemMessage failure={failure} />}
      {found === undefined && failure === undefined && <div className="skeleton rows" />}
      {found !== undefined && <Groups found={found} status={status} actions={{ ...actions, discard: ask }} />}
      {discarded !== undefined && (
        <DiscardLetter letter={discarded} actions={actions} onClose={() => setDiscarded(undefined)} />
      )}
    </div>
  );
}

function StatusChoice({
  status,
  onChange,
}: {
  readonly status: DeadLetterStatus;
  readonly onChange: (status: DeadLetterStatus) => void;
}) {
  return (
    <label>
      <span className="hidden-text">Status</span>
      <select
        className="input"
        value={status}
        onChange={({ target }) => onChange(STATUSES.find((one) => one === target.value) ?? 'waiting')}
      >
        {STATUSES.map((one) => (
          <option key={one} value={one}>
            {one.charAt(0).toUpperCase() + one.slice(1)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Groups({
  found: { letters, hasMore },
  status,
  actions,
}: {
  readonly found: FoundLetters;
  readonly status: DeadLetterStatus;
  readonly actions: Parameters<typeof LetterGroupCard>[0]['actions'];
}) {
  const groups = useMemo(() => groupLetters(letters), [letters]);
  if (groups.length === 0) return <NoLetters status={status} />;
  return (
    <>
      {hasMore && <p className="soft">The newest {plural(letters.length, 'dead letter')}. There are more.</p>}
      {groups.map((group) => (
        <LetterGroupCard key={group.key} group={group} actions={actions} />
      ))}
    </>
  );
}

function NoLetters({ status }: { readonly status: DeadLetterStatus }) {
  if (status !== 'waiting') {
    return (
      <section className="card">
        <EmptyState icon={<ListIcon />} title={`None was ${status} in the last 90 days`}>
          {status === 'redriven'
            ? 'A dead letter is redriven once its read model, or the webhooks, have handled the event.'
            : 'Discard a waiting dead letter that nobody needs, such as a test message. A redrive undoes it.'}
        </EmptyState>
      </section>
    );
  }
  return (
    <section className="card">
      <EmptyState icon={<ListIcon />} title="Nothing waits">
        Every event has reached its read models. An event that a projection or the webhooks cannot handle waits here
        with the reason until you deploy a fix and redrive it, or discard it.
      </EmptyState>
    </section>
  );
}
