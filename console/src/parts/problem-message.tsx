import type { Failure } from '../api/commands.ts';
import { CorrelationId } from './correlation-id.tsx';

/** What went wrong, with the fields that are invalid and the correlation id for the logs. */
export function ProblemMessage({
  failure,
  children,
}: {
  readonly failure: Failure;
  readonly children?: React.ReactNode;
}) {
  const { title, detail, fields, code, correlationId } = failure;
  return (
    <div className="message" role="alert">
      <strong>{title}</strong>
      <p>{detail}</p>
      {fields.length > 0 && (
        <ul>
          {fields.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
      {code !== undefined && (
        <p className="small soft">
          <code>{code}</code>
        </p>
      )}
      {correlationId !== undefined && <CorrelationId id={correlationId} />}
      {children}
    </div>
  );
}
