import { PRODUCT_ID } from '../read-models/catalogue.ts';
import { CATALOGUE, CUSTOMER_ORDERS, ORDER_SEARCH, type ReadModelContainer } from '../read-models/containers.ts';
import { SUMMARY_ID } from '../read-models/customer-orders.ts';

/** A list that can be searched by words. Its records are documents of a read model. */
export interface SearchList {
  readonly name: 'orders' | 'products' | 'customers';
  readonly container: ReadModelContainer;
  /** Whether a document with this id is a record of the list, and not another document of its logical partition. */
  readonly isRecord: (id: string) => boolean;
  /** Which part of a record's key differs from that of all other records. */
  readonly identifiedBy: 'partitionKey' | 'id';
  /** The property that the list is sorted by, highest first: a time in UTC, `|` and the record's id. Records without it are not listed. */
  readonly sortBy: 'sortKey' | 'customerSortKey';
}

export const ORDERS_LIST: SearchList = {
  name: 'orders',
  container: ORDER_SEARCH,
  // Markers of customers have a `!`.
  isRecord: (id) => !id.startsWith('!'),
  identifiedBy: 'id',
  sortBy: 'sortKey',
};

export const PRODUCTS_LIST: SearchList = {
  name: 'products',
  container: CATALOGUE,
  isRecord: (id) => id === PRODUCT_ID,
  identifiedBy: 'partitionKey',
  sortBy: 'sortKey',
};

export const CUSTOMERS_LIST: SearchList = {
  name: 'customers',
  container: CUSTOMER_ORDERS,
  isRecord: (id) => id === SUMMARY_ID,
  identifiedBy: 'partitionKey',
  sortBy: 'customerSortKey',
};

export const SEARCH_LISTS: readonly SearchList[] = [ORDERS_LIST, PRODUCTS_LIST, CUSTOMERS_LIST];
