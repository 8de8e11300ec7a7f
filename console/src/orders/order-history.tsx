import { formatEventType } from '../format/ids.ts';
import { formatDuration, formatExactTime } from '../format/times.ts';
import type { AnyOrder } from './order.ts';

type History = NonNullable<AnyOrder['history']>;

/** What has happened to the order, oldest first, with the time between the events. */
export function OrderHistory({ history }: { readonly history: History }) {
  return (
    <ol className="history">
      {history.map(({ version, eventType, timestamp }, index) => {
        const before = history[index - 1];
        return (
          <li key={version}>
            <strong>{formatEventType(eventType)}</strong>
            <span className="small faint">
              {formatExactTime(timestamp)}
              {before !== undefined &&
                `, ${formatDuration(Date.parse(timestamp) - Date.parse(before.timestamp))} later`}
            </span>
            <span className="small faint">version {version}</span>
          </li>
        );
      })}
    </ol>
  );
}
