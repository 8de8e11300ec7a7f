import type { SubmitEvent } from 'react';
import { Link } from 'wouter';
import { formatMoney } from '../format/numbers.ts';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { AddressFields, toAddress } from './address-fields.tsx';
import type { Cart, Product } from './cart.ts';
import type { PlacedOrder } from './placed-order.ts';
import { Quantity } from './quantity.tsx';
import { type PlacingFailure, usePlaceOrder } from './use-place-order.ts';
import { type Quote, useQuote } from './use-quote.ts';

interface CartPanelProps {
  readonly customerId: string;
  readonly cart: Cart;
  readonly products: readonly Product[];
  readonly onQuantity: (productId: string, quantity: number) => void;
  readonly onPlaced: (order: PlacedOrder) => void;
}

/** The lines of the cart with the API's quote, and the form that places the order. */
export function CartPanel({ customerId, cart, products, onQuantity, onPlaced }: CartPanelProps) {
  const quote = useQuote(customerId, cart);
  const { place, busy, failure } = usePlaceOrder(onPlaced);
  const { value: quoted } = quote;
  const submit = async (form: FormData, { items }: Quote) => {
    const body = { customerId, items: items.map(toItem), shippingAddress: toAddress(form) };
    const failed = await place(body);
    if (failed?.outcome === 'refused') quote.reload(); // a price or the stock may have changed
  };
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (quoted !== undefined) void submit(new FormData(event.currentTarget), quoted);
  };
  return (
    <form className="cart" onSubmit={onSubmit}>
      <ul>
        {[...cart].map(([productId, quantity]) => {
          const product = products.find((one) => one.productId === productId);
          const name = product?.name ?? productId;
          return (
            <li key={productId}>
              <span>{name}</span>
              <Quantity
                name={name}
                quantity={quantity}
                most={product?.available ?? quantity}
                onChange={(changed) => onQuantity(productId, changed)}
              />
              <strong>{product && formatMoney(product.price * quantity, product.currency)}</strong>
            </li>
          );
        })}
      </ul>
      {quote.failure !== undefined && (
        <ProblemMessage failure={quote.failure}>
          <div className="row">
            <button type="button" className="button small" disabled={quote.loading} onClick={quote.reload}>
              Try again
            </button>
          </div>
        </ProblemMessage>
      )}
      <p className="cart-total">
        <span>Total</span>
        <strong>{quoted === undefined ? '…' : formatMoney(quoted.total, quoted.currency)}</strong>
      </p>
      <AddressFields />
      {failure !== undefined && <PlacingProblem failure={failure} />}
      <button type="submit" className="button primary" disabled={busy || !isCurrent(quote)}>
        {busy ? 'Placing the order …' : 'Place order'}
      </button>
    </form>
  );
}

/** A line at the price that the customer has seen: the API refuses the order if it is another one by now. */
const toItem = ({ productId, quantity, price }: Quote['items'][number]) => ({ productId, quantity, price });

const isCurrent = ({ value, loading, failure }: ReturnType<typeof useQuote>): boolean =>
  value !== undefined && !loading && failure === undefined;

function PlacingProblem({ failure }: { readonly failure: PlacingFailure }) {
  switch (failure.outcome) {
    case 'refused':
      return <ProblemMessage failure={failure} />;
    case 'unknown':
      return (
        <ProblemMessage failure={failure}>
          <p>The order may have been placed. You can safely try again: only one order is placed.</p>
        </ProblemMessage>
      );
    case 'placed':
      return (
        <ProblemMessage failure={{ ...failure, title: 'Your first attempt placed an order', detail: PLACED_BEFORE }}>
          <Link href="/orders">Your orders</Link>
        </ProblemMessage>
      );
  }
}

const PLACED_BEFORE = 'It has what was in the cart at that time. If you also place this one, you will have two orders.';
