import { Component, type ReactNode } from 'react';
import { toFailure } from '../api/commands.ts';
import { NotLoadedError } from '../parts/lazy-part.ts';
import { ProblemMessage } from '../parts/problem-message.tsx';

interface ErrorBoundaryProps {
  /** The address of the page. Another one is shown without the error of this one. */
  readonly address: string;
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly error: unknown;
}

/** Shows an error of a page in its place, so that the navigation stays. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: undefined };

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { error };
  }

  override componentDidUpdate({ address }: ErrorBoundaryProps, before: ErrorBoundaryState): void {
    // An error that was not there before is the new page's own.
    if (address !== this.props.address && before.error !== undefined) this.setState({ error: undefined });
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === undefined ? this.props.children : <PageError error={error} />;
  }
}

function PageError({ error }: { readonly error: unknown }) {
  const failure = toFailure(error);
  const title = error instanceof NotLoadedError ? 'This page cannot be loaded' : failure.title;
  return (
    <ProblemMessage failure={{ ...failure, title }}>
      <div className="row">
        <button type="button" className="button small" onClick={() => location.reload()}>
          Reload
        </button>
      </div>
    </ProblemMessage>
  );
}
