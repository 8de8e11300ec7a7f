import type { components } from 'cqrs-orders-client';
import { useState } from 'react';

export type Product = components['schemas']['Product'];

/** Units by product id. */
export type Cart = ReadonlyMap<string, number>;

export const countIn = (cart: Cart): number => [...cart.values()].reduce((sum, quantity) => sum + quantity, 0);

/** The lines of an order. */
export const itemsOf = (cart: Cart) => [...cart].map(([productId, quantity]) => ({ productId, quantity }));

/** The customer's cart, which lives as long as the page. */
export function useCart() {
  const [cart, setCart] = useState<Cart>(new Map());
  const setQuantity = (productId: string, quantity: number) =>
    setCart((before) => {
      const after = new Map(before);
      if (quantity > 0) after.set(productId, quantity);
      else after.delete(productId);
      return after;
    });
  const clear = () => setCart(new Map());
  return { cart, setQuantity, clear };
}
