import { ORDER_SEARCH } from '../../shared/read-models/containers.ts';
import { customerOf, withCopy } from '../../shared/read-models/customer-copy.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { type OrderSearchEntry, searchWords } from '../../shared/read-models/order-search.ts';
import { sortKey } from '../../shared/read-models/sort-key.ts';
import { documentPerOrder, type OrderDocumentProjection } from './order-projection.ts';

/** The search index of placed orders. Drafts are visible to their customers alone. */
export function projectOrderSearch(version: number): OrderDocumentProjection<OrderSearchEntry> {
  return documentPerOrder<OrderSearchEntry>({
    container: ORDER_SEARCH,
    version,
    documentOf: (event) => {
      const { orderId, customerId, customerName, customerVersion, ...order } = withCopy(event.order);
      const { status, currency, total, items, placedAt } = order;
      if (placedAt === null) return undefined;
      const orderWords = searchWords([orderId, ...items.map(({ productName }) => productName)].join(' '));
      return {
        id: documentId(orderId),
        orderId,
        customerId,
        customerName,
        customerVersion,
        status,
        currency,
        total,
        itemCount: items.length,
        placedAt,
        words: withName(customerName, orderWords),
        orderWords,
        sortKey: sortKey(placedAt, orderId),
        version: event.version,
        lastUpdated: event.timestamp,
      };
    },
    withCustomer: (document, copy) => ({
      ...document,
      ...customerOf(copy),
      words: withName(copy.customerName, document.orderWords),
    }),
  });
}

export const orderSearch = projectOrderSearch(1);

function withName(customerName: string, orderWords: readonly string[]): readonly string[] {
  return [...new Set([...searchWords(customerName), ...orderWords])];
}
