import type { MinorUnits } from '../../../shared/money.ts';

/** One line of an order. */
export interface OrderItem {
  /** 1, 2, … in the order in which lines were added; never used again once the line is removed. Several lines may have the same product. */
  readonly line: number;
  readonly productId: string;
  readonly quantity: number;
  readonly price: MinorUnits;
}

/** Sum of quantity × price in minor units. Exact up to `MAX_AMOUNT`, which no accepted order exceeds. */
export function totalOf(items: readonly OrderItem[]): MinorUnits {
  return items.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
}

/** The highest line; 0 when there is none. */
export function lastLineOf(items: readonly Pick<OrderItem, 'line'>[]): number {
  return items.reduce((last, { line }) => Math.max(last, line), 0);
}
