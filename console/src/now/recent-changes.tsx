import { Link } from 'wouter';
import type { RecentChange } from '../api/use-recent-changes.ts';
import { formatEventType, shortId } from '../format/ids.ts';
import { formatClock, formatDuration } from '../format/times.ts';

/** What was pushed to this page since it was opened, newest first. */
export function RecentChanges({ changes }: { readonly changes: readonly RecentChange[] }) {
  return (
    <section className="card">
      <header>
        <h2>Live changes</h2>
        <span className="small faint">pushed by Web PubSub</span>
      </header>
      {changes.length === 0 ? (
        <p className="soft">
          Nothing has happened since you opened this page. <Link href="/shop">Place an order in the shop</Link>, in
          another tab to see it arrive here.
        </p>
      ) : (
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
