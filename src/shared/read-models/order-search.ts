import type { OrderStatus } from '../events/order-events.ts';
import type { MinorUnits } from '../money.ts';
import type { CustomerCopy } from './customer-copy.ts';
import type { Stamped } from './stamp.ts';

/** The searchable fields of an order, and the fields of a search result. */
export interface OrderSearchEntry extends Stamped<CustomerCopy> {
  readonly id: string;
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly currency: string;
  readonly total: MinorUnits;
  /** Number of lines. */
  readonly itemCount: number;
  readonly placedAt: string;
  /** The first words of the customer's name, the order's id and the products' names, as `indexWords` and `firstWords` return them. */
  readonly words: readonly string[];
  /** The words that do not come from the customer's name. */
  readonly orderWords: readonly string[];
  /** Lists sort by it in descending order: newest first. */
  readonly sortKey: string;
  readonly version: number;
  readonly lastUpdated: string;
}
