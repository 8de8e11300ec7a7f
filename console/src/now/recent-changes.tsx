import { Link } from 'wouter';
import type { Failure } from '../api/commands.ts';
import type { RecentChange } from '../api/recent-changes.ts';
import { formatEventType, shortId } from '../format/ids.ts';
import { formatClock, formatDuration } from '../format/times.ts';
import { ProblemMessage } from '../parts/problem-message.tsx';

/** What was pushed to this page since it was opened, newest first. */
export function RecentChanges({
  changes,
  failure,
}: {
  readonly changes: readonly RecentChange[];
  /** Why no more changes are pushed. */
  readonly failure: Failure | undefined;
}) {
  return (
    <section className="card">
      <header>
        <h2>Live changes</h2>
        <span className="small faint">pushed by Web PubSub</span>
      </header>
      {failure !== undefined && <ProblemMessage failure={failure} />}
      {changes.length === 0 && failure === undefined && (
        <p className="soft">
          Nothing has happened since you opened this page. <Link href="/shop">Place an order in the shop</Link>, in
          another tab to see it arrive here.
        </p>
      )}
      {changes.length > 0 && (
        <ol className="changes">
          {changes.map(({ key, orderId, eventType, delayMs, timestamp }) => (
            <li key={key}>
              <span>{formatEventType(eventType)}</span>
              <Link href={`/orders/${encodeURIComponent(orderId)}`}>
                <code>{shortId(orderId)}</code>
              </Link>
              <span className="faint small">
                {formatClock(timestamp)}, here after {formatDuration(delayMs)}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
