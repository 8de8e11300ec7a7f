import type { OrderStatus } from '../events/order-events.ts';
import type { MinorUnits } from '../money.ts';

/** What an order reserves: units of each product, and its customer's credit in minor units. */
export interface Reservations {
  readonly stock: ReadonlyMap<string, number>;
  readonly credit: MinorUnits;
}

/** The parts of an order that its reservations follow from. */
export interface ReservingOrder {
  readonly status: OrderStatus;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
  readonly total: MinorUnits;
}

export const NO_RESERVATIONS: Reservations = { stock: new Map(), credit: 0 };

/**
 * What an order reserves in its status. The write model moves stock and credit by it, and the read models count by it, so that both
 * have the same numbers.
 */
export function reservationsOf({ status, items, total }: ReservingOrder): Reservations {
  switch (status) {
    case 'draft':
    case 'cancelled':
      return NO_RESERVATIONS;
    case 'submitted':
    case 'confirmed':
    case 'shipped':
      return { stock: unitsByProduct(items), credit: total };
    // A delivery settles the credit and a refund releases it. In both cases the goods do not return to stock.
    case 'delivered':
    case 'refunded':
      return { stock: unitsByProduct(items), credit: 0 };
  }
}

/** Units per product across all lines. */
export function unitsByProduct(items: ReservingOrder['items']): ReadonlyMap<string, number> {
  const units = new Map<string, number>();
  for (const { productId, quantity } of items) units.set(productId, (units.get(productId) ?? 0) + quantity);
  return units;
}
