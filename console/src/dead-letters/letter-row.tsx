import { useState } from 'react';
import { Link } from 'wouter';
import { shortId } from '../format/ids.ts';
import { plural } from '../format/numbers.ts';
import { formatDateTime } from '../format/times.ts';
import type { DeadLetter } from './dead-letters.ts';
import { eventOf } from './groups.ts';
import { LetterEvent } from './letter-event.tsx';

/** A dead letter, with its event on request. */
export function LetterRow({
  letter,
  summary,
  busy,
  onRedrive,
  onDiscard,
}: {
  readonly letter: DeadLetter;
  /** The part of the reason that the group has shown. */
  readonly summary: string;
  readonly busy: boolean;
  readonly onRedrive: () => void;
  readonly onDiscard: () => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const { reason, attempts, lastTried, status, discardReason } = letter;
  return (
    <li className="letter">
      <div>
        <p className="row small">
          <Subject letter={letter} />
          <span className="soft">
            {plural(attempts, 'attempt')}, last {formatDateTime(lastTried)}
          </span>
        </p>
        {reason !== summary && <p className="small reason">{reason}</p>}
        {discardReason !== undefined && <p className="small soft">Discarded: {discardReason}</p>}
      </div>
      <div className="row">
        <button
          type="button"
          className="button quiet small"
          aria-expanded={isOpen}
          onClick={() => setOpen((before) => !before)}
        >
          Event and schema
        </button>
        {status !== 'redriven' && (
          <button type="button" className="button small" disabled={busy} onClick={onRedrive}>
            Redrive
          </button>
        )}
        {status === 'waiting' && (
          <button type="button" className="button danger small" disabled={busy} onClick={onDiscard}>
            Discard
          </button>
        )}
      </div>
      {isOpen && <LetterEvent letter={letter} />}
    </li>
  );
}

/** What the event is about: an order has a page. */
function Subject({ letter }: { readonly letter: DeadLetter }) {
  const { aggregateType, aggregateId } = eventOf(letter);
  if (aggregateId === undefined) return <code>{letter.deadLetterId}</code>;
  if (aggregateType !== 'Order') {
    return (
      <span>
        {aggregateType} <code>{shortId(aggregateId)}</code>
      </span>
    );
  }
  return (
    <span>
      Order{' '}
      <Link href={`/orders/${encodeURIComponent(aggregateId)}`}>
        <code>{shortId(aggregateId)}</code>
      </Link>
    </span>
  );
}
