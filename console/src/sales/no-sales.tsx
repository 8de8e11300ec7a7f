import { Link } from 'wouter';
import { EmptyState } from '../parts/empty-state.tsx';
import { ListIcon } from '../parts/icons.tsx';

export function NoSales() {
  return (
    <section className="card">
      <EmptyState
        icon={<ListIcon />}
        title="No orders on these days"
        actions={
          <Link href="/shop" className="button primary">
            Place one in the shop
          </Link>
        }
      >
        An order counts on the UTC day on which it was placed, from the moment its event is projected. Choose other
        days, or import orders of past days with <code>npm run import -- FILE</code>.
      </EmptyState>
    </section>
  );
}
