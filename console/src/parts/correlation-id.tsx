import { Link } from 'wouter';
import { hasRole } from '../session/callers.ts';
import { useConsole } from '../session/session-context.tsx';
import { CopyButton } from './copy-button.tsx';

/** The id that leads to the logs, traces and events of a request. Admins can see the events. */
export function CorrelationId({ id }: { readonly id: string }) {
  const { caller } = useConsole().session;
  return (
    <div className="correlation small">
      <span className="soft">
        Correlation id <code>{id}</code>
      </span>
      <CopyButton text={id}>Copy</CopyButton>
      {hasRole(caller, 'admin') && (
        <Link href={`/events?correlationId=${encodeURIComponent(id)}`} className="button quiet small">
          Its events
        </Link>
      )}
    </div>
  );
}
