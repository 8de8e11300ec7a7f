import { orderEvents } from '../../shared/events/order-events.ts';
import { ORDER_SEARCH } from '../../shared/read-models/containers.ts';
import { customerOf, withCustomerVersion } from '../../shared/read-models/customer-copy.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import type { OrderSearchEntry } from '../../shared/read-models/order-search.ts';
import { firstWords, indexWords } from '../../shared/read-models/search-words.ts';
import { sortKey } from '../../shared/read-models/sort-key.ts';
import { documentPerOrder, type OrderDocumentProjection } from './order-projection.ts';

/** Projects the search index of placed orders. It excludes drafts, which only their customers can see. */
export function projectOrderSearch(version: number): OrderDocumentProjection<OrderSearchEntry> {
  return documentPerOrder<OrderSearchEntry>({
    container: ORDER_SEARCH,
    version,
    creates: ({ eventType }) => orderEvents[eventType].statusAfter === 'submitted',
    byCustomer: true,
    documentOf: (event) => {
      const { orderId, customerId, customerName, customerVersion, ...order } = withCustomerVersion(event.order);
      const { status, currency, total, items, placedAt } = order;
      if (placedAt === null) return undefined;
      const orderWords = firstWords(wordsOf([orderId, ...items.map(({ productName }) => productName)]));
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

export const orderSearch = projectOrderSearch(2);

function withName(customerName: string, orderWords: readonly string[]): readonly string[] {
  return firstWords([...indexWords(customerName), ...orderWords]);
}

/** The words of the texts, one text after the other: a document with enough words does not split the rest. */
function* wordsOf(texts: readonly string[]): Generator<string> {
  for (const text of texts) yield* indexWords(text);
}
