import type { MinorUnits } from '../../../shared/money.ts';

/** One line of an order. */
export interface OrderItem {
  /** 1, 2, … in the order in which lines were added. Several lines may have the same product. */
  readonly line: number;
  readonly productId: string;
  readonly quantity: number;
  readonly price: MinorUnits;
}

/** Sum of quantity × price in minor units. Exact up to `MAX_AMOUNT`, which no accepted order exceeds. */
export function totalOf(items: readonly OrderItem[]): MinorUnits {
  return items.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
}
