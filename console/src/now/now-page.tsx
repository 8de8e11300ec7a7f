import { useCallback, useRef } from 'react';
import { usePoll } from '../api/use-poll.ts';
import { formatClock } from '../format/times.ts';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { useConsole } from '../session/session-context.tsx';
import { Charts } from './charts.tsx';
import { HealthList } from './health-list.tsx';
import { LiveSales } from './live-sales.tsx';
import './now.css';
import { useRecentChanges } from '../api/use-recent-changes.ts';
import { attentionOf, type Overview } from './overview.ts';
import { ReadModelLags } from './read-model-lags.tsx';
import { RecentChanges } from './recent-changes.tsx';
import { SystemPicture } from './system-picture.tsx';
import { Tiles } from './tiles.tsx';

const EVERY_MS = 5_000;

/** The whole system at a glance, by one request every five seconds, sales every 15 seconds, and pushed changes. */
export function NowPage() {
  const { orders } = useConsole();
  const load = useCallback(
    async (signal: AbortSignal) => (await orders.GET('/admin/overview', { signal })).data,
    [orders],
  );
  const { value, readAt, failure } = usePoll(load, EVERY_MS);
  const pushed = useRecentChanges(orders);
  const openedAt = useRef(Date.now());
  const unknownSince = failure === undefined ? undefined : formatClock(readAt ?? openedAt.current);
  const current = failure === undefined ? value : undefined;
  return (
    <div className="stack">
      <div className="page-head">
        <div>
          <h1>Now</h1>
          <p>An order’s way from the command to the read models, and what happens on it at this moment.</p>
        </div>
        <Summary overview={value} unknownSince={unknownSince} readAt={readAt} />
      </div>
      {failure !== undefined && <ProblemMessage failure={failure} />}
      <section className="card picture-card" aria-label="The system">
        <SystemPicture overview={current} pulse={pushed.count} />
      </section>
      {value !== undefined && (
        <>
          <Tiles overview={value} unknownSince={unknownSince} />
          {value.history !== undefined && <Charts history={value.history} />}
          <LiveSales />
          <div className="columns">
            <ReadModelLags overview={value} />
            <HealthList overview={value} unknownSince={unknownSince} />
            <RecentChanges changes={pushed.changes} failure={pushed.failure} />
          </div>
        </>
      )}
    </div>
  );
}

function Summary({
  overview,
  unknownSince,
  readAt,
}: {
  readonly overview: Overview | undefined;
  readonly unknownSince: string | undefined;
  readonly readAt: number | undefined;
}) {
  if (unknownSince !== undefined) return <span className="badge">Unknown since {unknownSince}</span>;
  if (overview === undefined) return <span className="badge">Reading …</span>;
  const attention = attentionOf(overview);
  return (
    <div className="row">
      {readAt !== undefined && <span className="small faint">Updated {formatClock(readAt)}</span>}
      {attention.length === 0 ? (
        <span className="badge good">All is well</span>
      ) : (
        <span className="badge bad" title={attention.join(', ')}>
          {attention.length === 1 ? attention[0] : `${attention.length} things need attention`}
        </span>
      )}
    </div>
  );
}
