import { useCallback, useState } from 'react';
import { useLoaded } from '../api/use-loaded.ts';
import { plural } from '../format/numbers.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { BasketIcon } from '../parts/icons.tsx';
import { KnownSince } from '../parts/known-since.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { useConsole } from '../session/session-context.tsx';
import { countIn, useCart } from './cart.ts';
import { CartPanel } from './cart-panel.tsx';
import { Credit, useCustomer } from './credit.tsx';
import type { PlacedOrder } from './placed-order.ts';
import { PlacedOrderPanel } from './placed-order-panel.tsx';
import { ProductCard } from './product-card.tsx';

/** The catalogue beside the cart or, once it is placed, the order on its way. */
export function Shop({ customerId }: { readonly customerId: string }) {
  const { orders } = useConsole();
  const { cart, setQuantity, clear } = useCart();
  const [placed, setPlaced] = useState<PlacedOrder>();
  const load = useCallback(
    async (signal: AbortSignal) =>
      (await orders.GET('/products', { params: { query: { limit: 60 } }, signal })).data.items,
    [orders],
  );
  const catalogue = useLoaded(load);
  const { value: products, failure, reload } = catalogue;
  const { value: customer, reload: reloadCustomer } = useCustomer(customerId);
  const onPlaced = (order: PlacedOrder) => {
    setPlaced(order);
    clear();
  };
  /** The order takes stock and credit, and may give them back. */
  const onSeen = useCallback(() => {
    reload();
    reloadCustomer();
  }, [reload, reloadCustomer]);
  const count = countIn(cart);
  return (
    <div className="stack">
      <div className="page-head">
        <div>
          <h1>Shop</h1>
          <p>
            Place an order and watch it move: you read your own write at once, and every change is pushed to this page.
          </p>
        </div>
        {customer !== undefined && <Credit customer={customer} />}
      </div>
      {failure !== undefined && (
        <ProblemMessage failure={failure}>
          <div className="row">
            <KnownSince {...catalogue} />
            <button type="button" className="button small" onClick={reload}>
              Try again
            </button>
          </div>
        </ProblemMessage>
      )}
      <div className="shop-columns">
        <section aria-label="Catalogue">
          {products?.length === 0 && (
            <EmptyState icon={<BasketIcon />} title="The catalogue is empty">
              As an admin, add a product with <code>POST /products</code>, or import orders: their products come along.
            </EmptyState>
          )}
          <ul className="products">
            {products?.map((product) => (
              <ProductCard
                key={product.productId}
                product={product}
                quantity={cart.get(product.productId) ?? 0}
                onQuantity={(quantity) => setQuantity(product.productId, quantity)}
              />
            ))}
          </ul>
        </section>
        <div className="stack">
          {placed !== undefined && <PlacedOrderPanel key={placed.orderId} placed={placed} onSeen={onSeen} />}
          <section className="card" aria-label="Cart">
            <header>
              <h2>{placed === undefined ? 'Your cart' : 'Next order'}</h2>
              <span className="small faint">{count === 0 ? 'empty' : plural(count, 'item')}</span>
            </header>
            {count === 0 ? (
              <p className="soft">Add something from the catalogue. You don’t pay for anything here.</p>
            ) : (
              <CartPanel
                customerId={customerId}
                cart={cart}
                products={products ?? []}
                onQuantity={setQuantity}
                onPlaced={onPlaced}
              />
            )}
          </section>
        </div>
      </div>
    </div>
  );
}
