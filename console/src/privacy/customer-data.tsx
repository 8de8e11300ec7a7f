import { useCallback, useState } from 'react';
import { type Action, useAction } from '../api/use-action.ts';
import { useLoaded } from '../api/use-loaded.ts';
import { plural } from '../format/numbers.ts';
import { formatExactTime } from '../format/times.ts';
import { ActionResult } from '../parts/action-result.tsx';
import { KnownSince } from '../parts/known-since.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { useConsole } from '../session/session-context.tsx';
import { EraseDialog } from './erase-dialog.tsx';
import { HoldingList } from './holding-list.tsx';
import type { Held } from './holdings.ts';
import { ProofSummary } from './proof-summary.tsx';
import { readHeld } from './read-holdings.ts';
import { type Erasure, useProof } from './use-proof.ts';

/** What is held about a customer, and the erasure with its proof. */
export function CustomerData({ customerId }: { readonly customerId: string }) {
  const { orders } = useConsole();
  const load = useCallback((signal: AbortSignal) => readHeld(orders, customerId, { signal }), [orders, customerId]);
  const loaded = useLoaded(load);
  const action = useAction();
  const [erasure, setErasure] = useState<Erasure>();
  const proof = useProof(customerId, erasure);
  const held = proof.now ?? loaded.value;
  if (held === undefined) {
    if (loaded.failure !== undefined) return <ProblemMessage failure={loaded.failure} />;
    return <div className="skeleton rows" />;
  }
  return (
    <>
      <ActionResult end={action.end} />
      {erasure !== undefined && <ProofSummary proof={proof} customerId={customerId} />}
      <section className="card" aria-label="What is held">
        <header>
          <h2>{held.name ?? customerId}: what is held</h2>
          <KnownSince readAt={held.readAt} failure={proof.failure ?? loaded.failure} />
        </header>
        <Summary held={held} />
        <div className="row held-actions">
          <button type="button" className="button" onClick={() => download(customerId, held)}>
            Download the export
          </button>
          {held.erasedAt === undefined && <EraseButton {...{ customerId, held, action }} onErased={setErasure} />}
        </div>
        <HoldingList held={held} before={erasure?.before} cleanAfterMs={proof.cleanAfterMs} />
      </section>
    </>
  );
}

function Summary({ held: { records, holdings, erasedAt, isRequested } }: { readonly held: Held }) {
  const personal = holdings.reduce((sum, holding) => sum + holding.personal, 0);
  return (
    <p className="soft">
      {plural(records.length, 'record')} in the tables, the event log and the read models, with{' '}
      {personal === 0 ? 'no personal data' : plural(personal, 'personal value')}.{' '}
      {erasedAt !== undefined &&
        `Erased ${formatExactTime(erasedAt)}: the data key was destroyed, so nobody can decrypt what the event log keeps.`}
      {erasedAt === undefined && isRequested && 'An erasure was requested. Another admin has to confirm it.'}
    </p>
  );
}

interface EraseButtonProps {
  readonly customerId: string;
  readonly held: Held;
  readonly action: Action;
  readonly onErased: (erasure: Erasure) => void;
}

function EraseButton({ customerId, held, action, onErased }: EraseButtonProps) {
  const { orders } = useConsole();
  const [asks, setAsks] = useState(false);
  const erase = async () => {
    const sentAt = performance.now();
    const isAccepted = await action.run(
      (headers) => orders.POST('/customers/{customerId}/erase', { params: { path: { customerId } }, headers }),
      ({ version }) => ({ title: 'The erasure is accepted', detail: `The customer has version ${version}.` }),
    );
    setAsks(false);
    if (isAccepted) onErased({ before: held, sentAt });
  };
  return (
    <>
      <button type="button" className="button danger" disabled={action.busy} onClick={() => setAsks(true)}>
        Erase the customer
      </button>
      {asks && (
        <EraseDialog {...{ customerId, held }} busy={action.busy} onErase={erase} onClose={() => setAsks(false)} />
      )}
    </>
  );
}

/** Saves the export as a file, without sending it anywhere. */
function download(customerId: string, { records }: Held): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(records, undefined, 2)], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: `customer-${customerId}.json` });
  link.click();
  URL.revokeObjectURL(url);
}
