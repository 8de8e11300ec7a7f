import { formatMoney } from '../format/numbers.ts';
import type { AnyOrder } from './order.ts';
import { isFull } from './order.ts';

/** The lines of an order; prices unless the caller is the warehouse. */
export function OrderItems({ order }: { readonly order: AnyOrder }) {
  if (order.items.length === 0) return <p className="soft">The order has no lines.</p>;
  if (!isFull(order)) {
    return (
      <ul className="plain-items">
        {order.items.map(({ line, productName, quantity }) => (
          <li key={line}>
            {quantity} × {productName}
          </li>
        ))}
      </ul>
    );
  }
  const { items, currency, total } = order;
  return (
    <table className="table item-table">
      <thead>
        <tr>
          <th scope="col">Product</th>
          <th scope="col" className="number">
            Price
          </th>
          <th scope="col" className="number">
            Quantity
          </th>
          <th scope="col" className="number">
            Amount
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ line, productName, price, quantity, lineTotal }) => (
          <tr key={line}>
            <td>{productName}</td>
            <td className="number soft">{formatMoney(price, currency)}</td>
            <td className="number soft">{quantity}</td>
            <td className="number">{formatMoney(lineTotal, currency)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={3}>Total</td>
          <td className="number">
            <strong>{formatMoney(total, currency)}</strong>
          </td>
        </tr>
      </tfoot>
    </table>
  );
}
