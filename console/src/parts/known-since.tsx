import { useRef } from 'react';
import type { Failure } from '../api/commands.ts';
import { formatClock } from '../format/times.ts';

/** When what is shown was read. While it cannot be read again, since when it is unknown. */
export function KnownSince({
  readAt,
  failure,
}: {
  /** Milliseconds since 1970. */
  readonly readAt: number | undefined;
  readonly failure: Failure | undefined;
}) {
  const openedAt = useRef(Date.now());
  if (failure !== undefined) {
    return <span className="badge">Unknown since {formatClock(readAt ?? openedAt.current)}</span>;
  }
  return readAt === undefined ? null : <span className="small faint">Read {formatClock(readAt)}</span>;
}
