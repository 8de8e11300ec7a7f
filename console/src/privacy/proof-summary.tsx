import { Link } from 'wouter';
import type { Failure } from '../api/commands.ts';
import { plural } from '../format/numbers.ts';
import { formatDuration } from '../format/times.ts';
import type { Proof } from './proof.ts';

/** Whether anything is left after an erasure. */
export function ProofSummary({
  proof: { now, state, cleanAfterMs, failure },
  customerId,
}: {
  readonly proof: Proof & { readonly failure: Failure | undefined };
  readonly customerId: string;
}) {
  const left = (now?.holdings ?? []).reduce((sum, { personal }) => sum + personal, 0);
  return (
    <div className={state === 'late' ? 'message' : 'message good'} role="status" aria-label="Proof">
      {state === 'reading' && <strong>Reading everything again …</strong>}
      {state === 'requested' && (
        <>
          <strong>Another admin has to confirm it</strong>
          <p>Nothing is erased yet: this deployment needs two people for an erasure.</p>
        </>
      )}
      {state === 'late' && failure !== undefined && (
        <>
          <strong>Not proved: what is left could not be read for a minute</strong>
          <p>
            {failure.title}: {failure.detail} Open this page again once the API answers.
          </p>
        </>
      )}
      {state === 'late' && failure === undefined && (
        <>
          <strong>{plural(left, 'personal value')} left after a minute</strong>
          <p>A read model may be behind, or a dead letter may wait. Open this page again once it has caught up.</p>
        </>
      )}
      {state === 'clean' && (
        <>
          <strong>Nothing is left</strong>
          <p>
            The tables, the event log, every read model and the search had no personal data after{' '}
            {formatDuration(Math.max(0, ...cleanAfterMs.values()))}, as seen by this page. The log keeps its events,
            whose encrypted fields nobody can decrypt:{' '}
            <Link href={`/events?aggregateId=${encodeURIComponent(customerId)}`}>show them</Link>.
          </p>
        </>
      )}
    </div>
  );
}
