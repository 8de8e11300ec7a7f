import { Link } from 'wouter';
import { shortId } from '../format/ids.ts';
import { formatMoney } from '../format/numbers.ts';
import { formatDateTime } from '../format/times.ts';
import { StatusBadge } from '../parts/status-badge.tsx';
import { hasRole } from '../session/callers.ts';
import { useConsole } from '../session/session-context.tsx';
import type { OrderRow } from './order-rows.ts';

/** A list of orders. On a phone, each order is a block. */
export function OrderTable({ rows }: { readonly rows: readonly OrderRow[] }) {
  const { caller } = useConsole().session;
  const canOpen = hasRole(caller, 'admin', 'warehouse', 'customer');
  const hasWho = rows.some(({ who }) => who !== undefined);
  const hasAmount = rows.some(({ amount }) => amount !== undefined);
  return (
    <table className="table order-table">
      <thead>
        <tr>
          <th scope="col">Order</th>
          <th scope="col">Status</th>
          {hasWho && <th scope="col">Customer</th>}
          <th scope="col">Placed</th>
          <th scope="col" className="number">
            Lines
          </th>
          {hasAmount && (
            <th scope="col" className="number">
              Total
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ orderId, status, who, at, itemCount, amount }) => (
          <tr key={orderId}>
            <td className="id">
              {canOpen ? (
                <Link href={`/orders/${encodeURIComponent(orderId)}`}>
                  <code>{shortId(orderId)}</code>
                </Link>
              ) : (
                <code>{shortId(orderId)}</code>
              )}
            </td>
            <td className="status">
              <StatusBadge status={status} />
            </td>
            {hasWho && <td className="who">{who}</td>}
            <td className="at soft">{at === null ? 'not placed' : formatDateTime(at)}</td>
            <td className="lines number soft">
              {itemCount}
              <span>{itemCount === 1 ? ' line' : ' lines'}</span>
            </td>
            {hasAmount && <td className="total number">{amount && formatMoney(amount.total, amount.currency)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
