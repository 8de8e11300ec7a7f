import { ORDER_SEARCH } from '../shared/read-models/containers.ts';
import { documentId } from '../shared/read-models/document-id.ts';
import { type OrderSearchEntry, searchWords } from '../shared/read-models/order-search.ts';
import { sortKey } from '../shared/read-models/sort-key.ts';
import { documentPerOrder } from './projection.ts';
import { registerProjection } from './register-projection.ts';

/** What placed orders are found by; drafts are nobody's business but their customer's. */
export const orderSearch = documentPerOrder<OrderSearchEntry>({
  container: ORDER_SEARCH,
  version: 1,
  documentOf: (event) => {
    if (event.order.placedAt === null) return undefined;
    const { orderId, customerId, customerName, status, currency, total, items, placedAt } = event.order;
    const text = [customerName, orderId, ...items.map(({ productName }) => productName)].join(' ');
    return {
      id: documentId(orderId),
      orderId,
      customerId,
      customerName,
      status,
      currency,
      total,
      itemCount: items.length,
      placedAt,
      words: searchWords(text),
      sortKey: sortKey(placedAt, orderId),
      version: event.version,
      lastUpdated: event.timestamp,
    };
  },
});

registerProjection('projectOrderSearch', 'order-search', orderSearch);
