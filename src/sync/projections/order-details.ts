import type { EventEnvelope } from '../../shared/events/envelope.ts';
import { ORDER_DETAILS } from '../../shared/read-models/containers.ts';
import { type CustomerMarker, customerCopyOf } from '../../shared/read-models/customer-copy.ts';
import {
  ORDER_DETAILS_MAPPING,
  type OrderDetails,
  type OrderDetailsMapping,
  withCustomer,
} from '../../shared/read-models/order-details.ts';
import { eraseEntry, type HistoryEntry, hasPersonalData, historyId } from '../../shared/read-models/order-history.ts';
import { supersedes } from '../../shared/read-models/stamp.ts';
import { documentPerOrder, isMarker } from './order-projection.ts';
import type { Documents, Projection } from './projection.ts';

type PageOrMarker = OrderDetails | CustomerMarker;

/**
 * Projects the order page, which the newest event determines, and one history entry per event. Each is a document of its own and
 * correct on its own, in any order of arrival.
 */
export function projectOrderDetails(mapping: OrderDetailsMapping): Projection<PageOrMarker | HistoryEntry> {
  const { version, orderOf: documentOf } = mapping;
  const pages = documentPerOrder<OrderDetails>({ container: ORDER_DETAILS, version, documentOf, withCustomer });
  return {
    container: ORDER_DETAILS,
    version,
    independent: true,
    customerCopyOf,
    hasCustomerData: (document) => !isEntry(document) || hasPersonalData(document),
    targetsOf: (event) => {
      const targets = pages.targetsOf(event);
      if (event.aggregateType !== 'Order') return targets;
      return targets.map((target) => ({ ...target, ids: [...target.ids, historyId(event.version)] }));
    },
    apply: (documents, event, partitionKey) => {
      const { entries, others } = split(documents);
      const after = pages.apply(others, event, partitionKey);
      const isErased = [...after.values()].some((document) => isMarker(document) && document.customerErased === true);
      const history = applyToHistory(entries, event, { mapping, isErased });
      if (after === others && history === entries) return documents;
      // The entries first: a reader who sees a version of the page sees its entry, too.
      return new Map<string, PageOrMarker | HistoryEntry>([...history, ...after]);
    },
  };
}

export const orderDetails = projectOrderDetails(ORDER_DETAILS_MAPPING);

/** Adds the entry of an order's event, and erases the entries of an erased customer. */
function applyToHistory(
  entries: Documents<HistoryEntry>,
  event: EventEnvelope,
  { mapping, isErased }: { readonly mapping: OrderDetailsMapping; readonly isErased: boolean },
): Documents<HistoryEntry> {
  const after = event.aggregateType === 'Order' ? withEntry(entries, mapping, event) : entries;
  if (!isErased) return after;
  return new Map([...after].map(([id, entry]) => [id, entry.customerErased ? entry : eraseEntry(entry)]));
}

/** A replayed event replaces the entry that an older version of the projection wrote. */
function withEntry(
  entries: Documents<HistoryEntry>,
  { version: projectionVersion, entryOf }: OrderDetailsMapping,
  event: EventEnvelope & { readonly aggregateType: 'Order' },
): Documents<HistoryEntry> {
  const id = historyId(event.version);
  const held = entries.get(id);
  if (!supersedes(event, projectionVersion, held)) return entries;
  const entry = { ...entryOf(event), projectionVersion };
  return new Map([...entries, [id, held?.customerErased ? eraseEntry(entry) : entry]]);
}

function isEntry(document: PageOrMarker | HistoryEntry): document is HistoryEntry {
  return 'type' in document && document.type === 'history';
}

function split(documents: Documents<PageOrMarker | HistoryEntry>) {
  const entries = new Map<string, HistoryEntry>();
  const others = new Map<string, PageOrMarker>();
  for (const [id, document] of documents) {
    if (isEntry(document)) entries.set(id, document);
    else others.set(id, document);
  }
  return { entries, others };
}
