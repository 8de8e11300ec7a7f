import type { CustomerMarker } from '../../../src/shared/read-models/customer-copy.ts';
import { documentId } from '../../../src/shared/read-models/document-id.ts';
import type { OrderDetails } from '../../../src/shared/read-models/order-details.ts';
import { fromPageEntry, type HistoryEntry } from '../../../src/shared/read-models/order-history.ts';
import { documentsOf, type ReadModel } from './projections.ts';

/** The documents of the container of order pages. */
export type OrderDocument = OrderDetails | HistoryEntry | CustomerMarker;

const isEntry = (document: OrderDocument): document is HistoryEntry =>
  'type' in document && document.type === 'history';

/** The order pages of a read model. */
export function pagesOf(model: ReadModel<OrderDocument>): readonly OrderDetails[] {
  return documentsOf(model).filter((document): document is OrderDetails => !isEntry(document));
}

/** The only order page of a read model. */
export function onlyPage(model: ReadModel<OrderDocument>): OrderDetails | undefined {
  const [page, ...others] = pagesOf(model);
  if (others.length > 0) throw new Error(`There are ${others.length + 1} order pages.`);
  return page;
}

/** The history of an order, on its page and in documents, oldest first. */
export function historyOf(model: ReadModel<OrderDocument>, orderId: string): readonly HistoryEntry[] {
  const documents = [...(model.get(documentId(orderId))?.values() ?? [])];
  return documents.flatMap(entriesOf).sort((a, b) => a.version - b.version);
}

function entriesOf(document: OrderDocument): readonly HistoryEntry[] {
  if (isEntry(document)) return [document];
  if (!('history' in document)) return [];
  return document.history?.map((entry) => fromPageEntry(entry, document)) ?? [];
}
