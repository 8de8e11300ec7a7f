import { Component, type ReactNode, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { toFailure } from './api/commands.ts';
import { Frame } from './frame/frame.tsx';
import { OrderPage, pagesFor, RunbookPage } from './frame/pages.ts';
import { EmptyState } from './parts/empty-state.tsx';
import { ListIcon } from './parts/icons.tsx';
import { ProblemMessage } from './parts/problem-message.tsx';
import { ToastProvider } from './parts/toasts.tsx';
import { useConsole } from './session/session-context.tsx';

/** The pages that the caller may see. A page of another role leads to the first one. */
export function App() {
  const { caller } = useConsole().session;
  const pages = pagesFor(caller);
  const [first] = pages;
  return (
    <ToastProvider>
      <Frame>
        {first === undefined ? (
          <EmptyState icon={<ListIcon />} title="No role yet">
            You are signed in, but have none of the roles of the order system. Ask an administrator for one.
          </EmptyState>
        ) : (
          <ErrorBoundary key={caller.id}>
            <Suspense fallback={<p className="soft">Loading …</p>}>
              <Switch>
                {pages.map(({ path, Content }) => (
                  <Route key={path} path={path}>
                    <Content />
                  </Route>
                ))}
                <Route path="/orders/:orderId">{({ orderId }) => <OrderPage key={orderId} orderId={orderId} />}</Route>
                <Route path="/runbook/:chapter">{({ chapter }) => <RunbookPage chapterId={chapter} />}</Route>
                <Route>
                  <Redirect to={first.path} replace />
                </Route>
              </Switch>
            </Suspense>
          </ErrorBoundary>
        )}
      </Frame>
    </ToastProvider>
  );
}

/** Shows an error of a page in its place, so that the navigation stays. */
class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === undefined ? this.props.children : <ProblemMessage failure={toFailure(error)} />;
  }
}
