import type { OrderStatus } from '../events/order-events.ts';
import type { MinorUnits } from '../money.ts';
import type { CustomerCopy } from './customer-copy.ts';
import type { Stamped } from './stamp.ts';

/** What an order can be found by, and what the list shows of it. */
export interface OrderSearchEntry extends Stamped<CustomerCopy> {
  readonly id: string;
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly currency: string;
  readonly total: MinorUnits;
  /** Lines. */
  readonly itemCount: number;
  readonly placedAt: string;
  /** Words of the customer's name, the order's id and the products' names, as `searchWords` leaves them; each once. */
  readonly words: readonly string[];
  /** Those of them that are not of the customer's name. */
  readonly orderWords: readonly string[];
  /** Descending: newest first. */
  readonly sortKey: string;
  readonly version: number;
  readonly lastUpdated: string;
}

/** The words of a text, without case and accents: `Crème BRÛLÉE-Set` is creme, brulee, set. */
export function searchWords(text: string): readonly string[] {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase();
  return [...new Set(plain.match(/[\p{L}\p{N}]+/gu) ?? [])];
}
