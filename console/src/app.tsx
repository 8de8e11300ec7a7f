import { Suspense } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { ErrorBoundary } from './frame/error-boundary.tsx';
import { Frame } from './frame/frame.tsx';
import { OrderPage, pagesFor, RunbookPage } from './frame/pages.ts';
import { EmptyState } from './parts/empty-state.tsx';
import { ListIcon } from './parts/icons.tsx';
import { ToastProvider } from './parts/toasts.tsx';
import { useConsole } from './session/session-context.tsx';

/** The pages that the caller may see. A page of another role leads to the first one. */
export function App() {
  const { caller } = useConsole().session;
  const [address] = useLocation();
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
          <ErrorBoundary key={caller.id} address={address}>
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
