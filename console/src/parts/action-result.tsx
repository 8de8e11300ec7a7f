import type { ReactNode } from 'react';
import type { ActionEnd } from '../api/use-action.ts';
import { CorrelationId } from './correlation-id.tsx';
import { ProblemMessage } from './problem-message.tsx';

/** How the last action ended, with its correlation id, until the next one. Shows nothing before. */
export function ActionResult({
  end,
  children,
}: {
  readonly end: ActionEnd | undefined;
  readonly children?: ReactNode;
}) {
  if (end === undefined) return null;
  if ('failure' in end) return <ProblemMessage failure={end.failure}>{children}</ProblemMessage>;
  return (
    <div className={end.failed === true ? 'message' : 'message good'} role={end.failed === true ? 'alert' : 'status'}>
      <strong>{end.title}</strong>
      {end.detail !== undefined && <p>{end.detail}</p>}
      <CorrelationId id={end.correlationId} />
      {children}
    </div>
  );
}
