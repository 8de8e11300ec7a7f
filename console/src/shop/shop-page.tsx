import { EmptyState } from '../parts/empty-state.tsx';
import { BasketIcon } from '../parts/icons.tsx';
import { hasRole } from '../session/callers.ts';
import { useConsole } from '../session/session-context.tsx';
import { Shop } from './shop.tsx';
import './shop.css';

/** The shop for customers. Others can become one, on a developer machine. */
export function ShopPage() {
  const { session, switchTo } = useConsole();
  const { caller, callers } = session;
  if (hasRole(caller, 'customer') && caller.customerId !== undefined) return <Shop customerId={caller.customerId} />;
  const customers = callers.filter((one) => hasRole(one, 'customer'));
  return (
    <div className="stack">
      <div className="page-head">
        <h1>Shop</h1>
      </div>
      <section className="card">
        <EmptyState
          icon={<BasketIcon />}
          title="The shop is for customers"
          actions={customers.map(({ id, name }, index) => (
            <button
              key={id}
              type="button"
              className={index === 0 ? 'button primary' : 'button'}
              onClick={() => switchTo(id)}
            >
              Shop as {name.replace(', customer', '')}
            </button>
          ))}
        >
          {customers.length === 0
            ? 'Sign in with an account that has the role customer and a customer id.'
            : 'Become one of the customers that this machine starts with. Open the console in another tab to stay an admin there: each tab has a role of its own.'}
        </EmptyState>
      </section>
    </div>
  );
}
