import { type SubmitEvent, useCallback, useState } from 'react';
import { CORRELATION_ID, type Failure, toFailure } from '../api/commands.ts';
import { useLoaded } from '../api/use-loaded.ts';
import { formatMoney } from '../format/numbers.ts';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { useTell } from '../parts/toasts.tsx';
import { useConsole } from '../session/session-context.tsx';
import { AddressFields, toAddress } from './address-fields.tsx';
import { type Cart, itemsOf, type Product } from './cart.ts';
import type { PlacedOrder } from './placed-order.ts';
import { Quantity } from './quantity.tsx';

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
  const { place, busy, failure } = usePlaceOrder(customerId, cart, onPlaced);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void place(new FormData(event.currentTarget));
  };
  return (
    <form className="cart" onSubmit={submit}>
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
      {quote.failure !== undefined && <ProblemMessage failure={quote.failure} />}
      <p className="cart-total">
        <span>Total</span>
        <strong>{quote.value === undefined ? '…' : formatMoney(quote.value.total, quote.value.currency)}</strong>
      </p>
      <AddressFields />
      {failure !== undefined && <ProblemMessage failure={failure} />}
      <button type="submit" className="button primary" disabled={busy || quote.failure !== undefined}>
        {busy ? 'Placing the order …' : 'Place order'}
      </button>
    </form>
  );
}

/** What the order would cost, and whether it could be placed. Has no effect. */
function useQuote(customerId: string, cart: Cart) {
  const { orders } = useConsole();
  const load = useCallback(
    async (signal: AbortSignal) =>
      (
        await orders.POST('/orders/quote', {
          body: { customerId, items: itemsOf(cart), shippingAddress: ANYWHERE },
          signal,
        })
      ).data,
    [orders, customerId, cart],
  );
  return useLoaded(load);
}

/** The address does not change the price. */
const ANYWHERE = { street: 'unknown', city: 'unknown', state: 'unknown', zip: 'unknown' };

function usePlaceOrder(customerId: string, cart: Cart, onPlaced: (order: PlacedOrder) => void) {
  const { orders } = useConsole();
  const tell = useTell();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const place = async (form: FormData) => {
    const correlationId = crypto.randomUUID();
    const sentAt = performance.now();
    setBusy(true);
    setFailure(undefined);
    try {
      const { data } = await orders.POST('/orders', {
        body: { customerId, items: itemsOf(cart), shippingAddress: toAddress(form) },
        headers: { [CORRELATION_ID]: correlationId },
      });
      const answeredMs = performance.now() - sentAt;
      tell({ title: 'Order placed', detail: `It has version ${data.version}.`, correlationId });
      onPlaced({ orderId: data.orderId, customerId, version: data.version, correlationId, sentAt, answeredMs });
    } catch (error) {
      setFailure(toFailure(error, correlationId));
    } finally {
      setBusy(false);
    }
  };
  return { place, busy, failure };
}
