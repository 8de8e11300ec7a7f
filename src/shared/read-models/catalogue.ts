import type { MinorUnits } from '../money.ts';
import type { Stamped } from './stamp.ts';

/** Every document is in the logical partition of its product. */
interface OfProduct {
  readonly id: string;
  readonly productId: string;
}

/** A product as the catalogue shows it. It exists from the first event on that concerns it, whichever arrives first. */
export interface CatalogueProduct extends Stamped<OfProduct> {
  readonly type: 'product';
  readonly id: typeof PRODUCT_ID;
  /** Name, price and currency are from the newest event of the product; empty and 0 before the first one. */
  readonly name: string;
  readonly price: MinorUnits;
  readonly currency: string;
  /** Sum of all stock entries in units. Below 0 only while an event that added units has not arrived. */
  readonly available: number;
  /** The words of the id and the name, as `indexWords` returns them. */
  readonly words: readonly string[];
  /**
   * Lists sort by it in descending order, newest product first, and leave out a product without it. Absent until `ProductAdded` has arrived,
   * and once the product is discontinued.
   */
  readonly sortKey?: string;
  /** Present once the product is discontinued, which is final. */
  readonly discontinued?: true;
  /** Version of the product that the name and price are from; 0 before the first event of the product. */
  readonly version: number;
  readonly lastUpdated: string;
}

/** Proves what was counted in `available` for an order, or for an event of the product. Written in one transaction with the product. */
export interface StockEntry extends Stamped<OfProduct> {
  readonly type: 'stock';
  /** Units that it adds to the available stock; negative for units that an order takes. */
  readonly units: number;
  /** Version of the order or of the product. */
  readonly version: number;
}

export type CatalogueDocument = CatalogueProduct | StockEntry;

/** Cannot collide with an order's entry, because a document id has no `!`. */
export const PRODUCT_ID = '!product';

/** The id of the entry for an event of the product that changes its stock. */
export const adjustmentId = (version: number): string => `!event-${version}`;
