import { CopyButton } from './copy-button.tsx';

/** The id that leads to the logs, traces and events of a request. */
export function CorrelationId({ id }: { readonly id: string }) {
  return (
    <div className="correlation small">
      <span className="soft">
        Correlation id <code>{id}</code>
      </span>
      <CopyButton text={id}>Copy</CopyButton>
    </div>
  );
}
