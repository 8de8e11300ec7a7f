import { formatCount, formatMoney } from '../format/numbers.ts';
import type { Product } from './cart.ts';
import { ProductPicture } from './product-picture.tsx';
import { Quantity } from './quantity.tsx';

/** Fewer units than this are few. */
const FEW = 10;

export function ProductCard({
  product: { productId, name, price, currency, available },
  quantity,
  onQuantity,
}: {
  readonly product: Product;
  readonly quantity: number;
  readonly onQuantity: (quantity: number) => void;
}) {
  return (
    <li className="product">
      <ProductPicture productId={productId} />
      <div>
        <h2>{name}</h2>
        <p className={available < FEW ? 'small few' : 'small faint'}>{availability(available)}</p>
      </div>
      <div className="product-foot">
        <strong>{formatMoney(price, currency)}</strong>
        {quantity === 0 ? (
          <button type="button" className="button small" disabled={available === 0} onClick={() => onQuantity(1)}>
            Add to cart <span className="hidden-text">{name}</span>
          </button>
        ) : (
          <Quantity name={name} quantity={quantity} most={available} onChange={onQuantity} />
        )}
      </div>
    </li>
  );
}

function availability(available: number): string {
  if (available === 0) return 'Sold out';
  return available < FEW ? `Only ${available} left` : `${formatCount(available)} in stock`;
}
