import type { components, OrdersClient } from 'cqrs-orders-client';
import { useCallback } from 'react';
import { usePoll } from '../api/use-poll.ts';
import { formatCount } from '../format/numbers.ts';
import { KnownSince } from '../parts/known-since.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { useConsole } from '../session/session-context.tsx';

type Product = components['schemas']['Product'];

/** Stock is low below this number of units. */
const FEW = 10;
/** Maximum products to read, the newest first, and to show. */
const MOST_READ = 500;
const MOST_SHOWN = 10;
const EVERY_MS = 60_000;

/** Products that run out, the fewest units first. */
export function LowStock() {
  const { orders } = useConsole();
  const load = useCallback((signal: AbortSignal) => readProducts(orders, signal), [orders]);
  const stock = usePoll(load, EVERY_MS);
  const { value: products, failure } = stock;
  const low = (products ?? [])
    .filter(({ available }) => available < FEW)
    .toSorted((a, b) => a.available - b.available)
    .slice(0, MOST_SHOWN);
  return (
    <section className="card" aria-label="Low stock">
      <header>
        <h2>Low stock</h2>
        <span className="small faint">fewer than {FEW} units</span>
      </header>
      {failure !== undefined && (
        <>
          <KnownSince {...stock} />
          <ProblemMessage failure={failure} />
        </>
      )}
      {products !== undefined && low.length === 0 && (
        <p className="soft">
          No product is running low. Those with fewer than {FEW} units appear here; warehouse staff add stock with{' '}
          <code>POST /products/{'{id}'}/stock</code>.
        </p>
      )}
      {low.length > 0 && (
        <ul className="ranking">
          {low.map(({ productId, name, available }) => (
            <li key={productId}>
              <span>{name}</span>
              <strong className={available === 0 ? 'sold-out' : ''}>
                {available === 0 ? 'Sold out' : `${formatCount(available)} left`}
              </strong>
            </li>
          ))}
        </ul>
      )}
      {products?.length === MOST_READ && <p className="small faint">Of the newest {MOST_READ} products.</p>}
    </section>
  );
}

async function readProducts(orders: OrdersClient, signal: AbortSignal): Promise<readonly Product[]> {
  const products: Product[] = [];
  for await (const product of orders.items('/products', { params: { query: { limit: 100 } }, signal })) {
    products.push(product);
    if (products.length === MOST_READ) break;
  }
  return products;
}
