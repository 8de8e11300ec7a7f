import type { EventEnvelope, OrderEventEnvelope } from '../../shared/events/envelope.ts';
import { ORDER_DETAILS } from '../../shared/read-models/containers.ts';
import { type CustomerMarker, customerCopyOf } from '../../shared/read-models/customer-copy.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import {
  ORDER_DETAILS_MAPPING,
  type OrderDetails,
  type OrderDetailsMapping,
  withCustomer,
} from '../../shared/read-models/order-details.ts';
import {
  eraseEntry,
  type HistoryEntry,
  hasPersonalData,
  historyId,
  isOnPage,
  type PageEntry,
  toPageEntry,
} from '../../shared/read-models/order-history.ts';
import { type Stamped, supersedes } from '../../shared/read-models/stamp.ts';
import { documentPerOrder, isMarker } from './order-projection.ts';
import type { Documents, Projection } from './projection.ts';

type PageOrMarker = OrderDetails | CustomerMarker;

/**
 * Projects the order page, which the newest event determines, and one history entry per event: on the page, or a document of its own. Each
 * document is correct on its own, in any order of arrival.
 */
export function projectOrderDetails(mapping: OrderDetailsMapping): Projection<PageOrMarker | HistoryEntry> {
  const { version, orderOf: documentOf } = mapping;
  const creates = (event: OrderEventEnvelope) => event.version === 1;
  const pages = documentPerOrder<OrderDetails>({
    container: ORDER_DETAILS,
    version,
    creates,
    documentOf,
    withCustomer,
  });
  return {
    container: ORDER_DETAILS,
    version,
    independent: true,
    customerCopyOf,
    hasCustomerData: (document) => !isEntry(document) || hasPersonalData(document),
    targetsOf: (event) => {
      const targets = pages.targetsOf(event);
      if (event.aggregateType !== 'Order') return targets;
      const entryId = historyId(event.version);
      return targets.map(({ ids, unreadIds = [], ...target }) => ({
        ...target,
        ids: [...ids, entryId],
        unreadIds: [...unreadIds, entryId],
      }));
    },
    // An older version of the projection may have left a document for an entry that is now on the page.
    needsAll: (documents, event) => {
      const page = documents.get(documentId(event.aggregateId));
      return page !== undefined && 'sequence' in page && (page.projectionVersion ?? 0) < version;
    },
    apply: (documents, event, partitionKey) => {
      const { entries, others } = split(documents);
      const after = pages.apply(others, event, partitionKey);
      const isErased = [...after.values()].some(({ customerErased }) => customerErased === true);
      const history = applyToHistory(entries, event, { mapping, isErased });
      const withHistory =
        event.aggregateType === 'Order' ? applyToPage({ before: others, after }, event, { mapping, isErased }) : after;
      if (withHistory === others && history === entries) return documents;
      // The entries first, so that a reader who sees a version of the page usually sees its entry, too. The SDK splits a large bulk request
      // and sends the parts at the same time, so readers check that no entry is missing.
      return new Map<string, PageOrMarker | HistoryEntry>([...history, ...withHistory]);
    },
  };
}

export const orderDetails = projectOrderDetails(ORDER_DETAILS_MAPPING);

interface Mapped {
  readonly mapping: OrderDetailsMapping;
  readonly isErased: boolean;
}

/** Gives the page the entries that it had, and that of the event if it belongs there. */
function applyToPage(
  { before, after }: { readonly before: Documents<PageOrMarker>; readonly after: Documents<PageOrMarker> },
  event: OrderEventEnvelope,
  { mapping, isErased }: Mapped,
): Documents<PageOrMarker> {
  const id = documentId(event.aggregateId);
  const page = pageIn(after, id);
  if (page === undefined) return after;
  const held = pageIn(before, id)?.history ?? [];
  const history = isOnPage(event.version, event.order.items.length) ? withPageEntry(held, event, mapping) : held;
  const shown = isErased ? erased(history) : history;
  if (after === before && shown === held) return after;
  return new Map([...after, [id, shown.length === 0 ? page : { ...page, history: shown }]]);
}

function withPageEntry(
  history: readonly Stamped<PageEntry>[],
  event: OrderEventEnvelope,
  { version: projectionVersion, entryOf }: OrderDetailsMapping,
): readonly Stamped<PageEntry>[] {
  const held = history.find(({ version }) => version === event.version);
  if (!supersedes(event, projectionVersion, held)) return history;
  const entry = { ...toPageEntry(entryOf(event)), projectionVersion };
  return [...history.filter((other) => other !== held), entry].sort((a, b) => a.version - b.version);
}

function erased(history: readonly Stamped<PageEntry>[]): readonly Stamped<PageEntry>[] {
  const after = history.map(eraseEntry);
  return after.every((entry, index) => entry === history[index]) ? history : after;
}

/**
 * Adds the document of the entry of an order's event, and erases the entries of an erased customer. For an entry on the page, removes the document
 * that an older version of the projection wrote.
 */
function applyToHistory(
  entries: Documents<HistoryEntry>,
  event: EventEnvelope,
  { mapping, isErased }: Mapped,
): Documents<HistoryEntry> {
  const after = event.aggregateType === 'Order' ? withEntry(entries, mapping, event) : entries;
  if (!isErased || after.size === 0) return after;
  return new Map([...after].map(([id, entry]) => [id, eraseEntry(entry)]));
}

/** A replayed event replaces the entry that an older version of the projection wrote. */
function withEntry(
  entries: Documents<HistoryEntry>,
  { version: projectionVersion, entryOf }: OrderDetailsMapping,
  event: OrderEventEnvelope,
): Documents<HistoryEntry> {
  const id = historyId(event.version);
  const held = entries.get(id);
  if (isOnPage(event.version, event.order.items.length))
    return held === undefined ? entries : new Map([...entries].filter(([other]) => other !== id));
  if (!supersedes(event, projectionVersion, held)) return entries;
  const entry = { ...entryOf(event), projectionVersion };
  return new Map([...entries, [id, held?.customerErased ? eraseEntry(entry) : entry]]);
}

function pageIn(documents: Documents<PageOrMarker>, id: string): OrderDetails | undefined {
  const page = documents.get(id);
  return page === undefined || isMarker(page) ? undefined : page;
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
