import type { EventEnvelope, OrderEventEnvelope, ProductEventEnvelope } from '../../shared/events/envelope.ts';
import { orderEvents, type PublishedOrder } from '../../shared/events/order-events.ts';
import { stockDelta } from '../../shared/events/product-events.ts';
import { reservationsOf } from '../../shared/orders/reservations.ts';
import {
  adjustmentId,
  type CatalogueDocument,
  type CatalogueProduct,
  PRODUCT_ID,
  type StockEntry,
} from '../../shared/read-models/catalogue.ts';
import { CATALOGUE } from '../../shared/read-models/containers.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { laterOf, updatedBy } from '../../shared/read-models/later-of.ts';
import { firstWords, indexWords } from '../../shared/read-models/search-words.ts';
import { sortKey } from '../../shared/read-models/sort-key.ts';
import { supersedes } from '../../shared/read-models/stamp.ts';
import { type Documents, type Projection, replaced, type Target } from './projection.ts';

/** How a version of the projection computes the available stock. */
export interface StockCounting {
  readonly version: number;
  /** Units of each product that an order takes from the stock. */
  readonly takenBy: (order: PublishedOrder) => ReadonlyMap<string, number>;
}

/** The current counting: an order takes what it reserves in the write model. */
export const STOCK_COUNTING: StockCounting = { version: 1, takenBy: (order) => reservationsOf(order).stock };

/**
 * Projects the catalogue with the available stock of each product. A product's document is written in one transactional batch with an
 * entry for each order and each event of the product that changes its stock, so that each is counted once, in its newest state.
 */
export function projectCatalogue(counting: StockCounting): Projection<CatalogueDocument> {
  return {
    container: CATALOGUE,
    version: counting.version,

    targetsOf: (event) => {
      switch (event.aggregateType) {
        case 'Order':
          return movesStock(event) ? productsIn(event).map((productId) => targetOf(productId, event)) : [];
        case 'Product':
          return [targetOf(event.aggregateId, event)];
        default:
          return [];
      }
    },

    apply: (documents, event, productId) => {
      switch (event.aggregateType) {
        case 'Order':
          return movesStock(event) ? applyOrder(documents, event, productId, counting) : documents;
        case 'Product':
          return applyProduct(documents, event, counting.version);
        default:
          return documents;
      }
    },
  };
}

export const catalogue = projectCatalogue(STOCK_COUNTING);

/**
 * Whether an order's event can have moved stock: an order takes units when it is submitted, and only its cancellation returns them.
 * Its products do not change in between. Other events cost no request.
 */
function movesStock({ eventType, order: { placedAt } }: OrderEventEnvelope): boolean {
  const { statusAfter } = orderEvents[eventType];
  return placedAt !== null && (statusAfter === 'submitted' || statusAfter === 'cancelled');
}

const productsIn = ({ order }: OrderEventEnvelope): readonly string[] => [
  ...new Set(order.items.map(({ productId }) => productId)),
];

/** The product and its stock entry for an event. The entry is new unless the event cancels an order. */
function targetOf(partitionKey: string, event: EventEnvelope): Target {
  if (!hasEntry(event)) return { partitionKey, ids: [PRODUCT_ID] };
  const id = entryId(event);
  const isKnown = event.aggregateType === 'Order' && orderEvents[event.eventType].statusAfter === 'cancelled';
  return { partitionKey, ids: [id, PRODUCT_ID], unreadIds: isKnown ? [] : [id] };
}

const hasEntry = (event: EventEnvelope) => event.aggregateType !== 'Product' || stockDelta(event) !== 0;

const entryId = ({ aggregateType, aggregateId, version }: EventEnvelope): string =>
  aggregateType === 'Product' ? adjustmentId(version) : documentId(aggregateId);

function applyOrder(
  documents: Documents<CatalogueDocument>,
  event: OrderEventEnvelope,
  productId: string,
  { version, takenBy }: StockCounting,
): Documents<CatalogueDocument> {
  const units = 0 - (takenBy(event.order).get(productId) ?? 0);
  return count(documents, event, { productId, units, projectionVersion: version });
}

/** Takes name and price from the newest event of the product, and counts what each event adds to its stock. */
function applyProduct(
  documents: Documents<CatalogueDocument>,
  event: ProductEventEnvelope,
  projectionVersion: number,
): Documents<CatalogueDocument> {
  const productId = event.aggregateId;
  const counted = hasEntry(event)
    ? count(documents, event, { productId, units: stockDelta(event), projectionVersion })
    : documents;
  const before = productOf(counted, productId);
  const after = withPlace(withContent(before, event, projectionVersion), event);
  return replaced(counted, before, after);
}

function withContent(before: CatalogueProduct, event: ProductEventEnvelope, projectionVersion: number) {
  if (!supersedes(event, projectionVersion, before)) return updatedBy(before, event.timestamp);
  const { productId, name, price, currency } = event.product;
  return {
    ...before,
    name,
    price,
    currency,
    words: firstWords([productId, name].flatMap(indexWords)),
    version: event.version,
    lastUpdated: laterOf(before.lastUpdated, event.timestamp),
    projectionVersion,
  };
}

/** The first event of a product sets its place in lists, and the event that discontinues it removes it permanently. */
function withPlace(before: CatalogueProduct, event: ProductEventEnvelope): CatalogueProduct {
  if (before.discontinued) return before;
  if (event.eventType === 'ProductDiscontinued') {
    const { sortKey: _, ...unlisted } = before;
    return { ...unlisted, discontinued: true };
  }
  if (event.eventType !== 'ProductAdded' || before.sortKey !== undefined) return before;
  return { ...before, sortKey: sortKey(event.timestamp, event.aggregateId) };
}

interface CountedUnits {
  readonly productId: string;
  readonly units: number;
  readonly projectionVersion: number;
}

/** Replaces the entry of an event, and subtracts from the available stock what it counted before. */
function count(
  documents: Documents<CatalogueDocument>,
  event: EventEnvelope,
  { productId, units, projectionVersion }: CountedUnits,
): Documents<CatalogueDocument> {
  const id = entryId(event);
  const held = documents.get(id);
  const before = held?.type === 'stock' ? held : undefined;
  const product = productOf(documents, productId);
  if (!supersedes(event, projectionVersion, before)) {
    return replaced(documents, product, updatedBy(product, event.timestamp));
  }
  const { version, timestamp } = event;
  const entry: StockEntry = { type: 'stock', id, productId, units, version, projectionVersion };
  const available = product.available + units - (before?.units ?? 0);
  const recounted = { ...product, available, lastUpdated: laterOf(product.lastUpdated, timestamp) };
  return new Map<string, CatalogueDocument>([...documents, [id, entry], [PRODUCT_ID, recounted]]);
}

function productOf(documents: Documents<CatalogueDocument>, productId: string): CatalogueProduct {
  const product = documents.get(PRODUCT_ID);
  return product?.type === 'product' ? product : newProduct(productId);
}

function newProduct(productId: string): CatalogueProduct {
  return {
    type: 'product',
    id: PRODUCT_ID,
    productId,
    name: '',
    price: 0,
    currency: '',
    available: 0,
    words: [],
    version: 0,
    lastUpdated: '',
  };
}
