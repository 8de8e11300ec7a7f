import type { EventEnvelope, OrderEventEnvelope } from '../../shared/events/envelope.ts';
import { orderEvents, type PublishedOrder } from '../../shared/events/order-events.ts';
import { addExactly } from '../../shared/money.ts';
import { SALES_LIVE } from '../../shared/read-models/containers.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { laterOf } from '../../shared/read-models/later-of.ts';
import {
  COUNTED_FOR_MS,
  type CountedOrder,
  type HourWindows,
  hourOf,
  type LiveDocument,
  liveBucketOf,
  type MinuteSales,
  type PlacedSales,
  WINDOWS_ID,
  windowOf,
} from '../../shared/read-models/sales-live.ts';
import { supersedes } from '../../shared/read-models/stamp.ts';
import type { Documents, Projection } from './projection.ts';

/** How a version of the projection computes the windows. */
export interface LiveCounting {
  readonly version: number;
  /** What a placed order adds to its minute. */
  readonly countedOf: (order: PublishedOrder) => PlacedSales;
}

/** The current counting: an order stays in its minute permanently, with the total that it was submitted with. */
export const LIVE_COUNTING: LiveCounting = { version: 1, countedOf: ({ total }) => ({ orders: 1, revenue: total }) };

/**
 * Projects orders and revenue per minute and currency, by `placedAt`. Only the event that submits an order counts: its total does not
 * change afterwards, so that other events cost no request. The windows of an hour are written in one transactional batch with a record
 * of the counted order, so that each order is counted once.
 */
export function projectSalesLive(counting: LiveCounting): Projection<LiveDocument> {
  return {
    container: SALES_LIVE,
    version: counting.version,
    isOutdated: (event, now) => {
      const placed = placedIn(event);
      return placed !== undefined && now - Date.parse(placed.placedAt) > COUNTED_FOR_MS;
    },
    targetsOf: (event) => {
      const placed = placedIn(event);
      if (placed === undefined) return [];
      const { bucket: partitionKey, orderDocument } = placed;
      return [{ partitionKey, ids: [orderDocument, WINDOWS_ID], unreadIds: [orderDocument] }];
    },
    apply: (documents, event) => {
      const placed = placedIn(event);
      return placed === undefined ? documents : applyOrder(documents, placed, counting);
    },
  };
}

export const salesLive = projectSalesLive(LIVE_COUNTING);

/** An order that was submitted, and where it is counted. */
interface PlacedOrder {
  readonly event: OrderEventEnvelope;
  readonly placedAt: string;
  readonly bucket: string;
  readonly orderDocument: string;
}

/** Undefined when the event does not submit an order. */
function placedIn(event: EventEnvelope): PlacedOrder | undefined {
  if (event.aggregateType !== 'Order' || orderEvents[event.eventType].statusAfter !== 'submitted') return undefined;
  const { orderId, placedAt } = event.order;
  if (placedAt === null) return undefined;
  return { event, placedAt, bucket: liveBucketOf(placedAt, orderId), orderDocument: documentId(orderId) };
}

function applyOrder(
  documents: Documents<LiveDocument>,
  { event, placedAt, bucket, orderDocument }: PlacedOrder,
  { version: projectionVersion, countedOf }: LiveCounting,
): Documents<LiveDocument> {
  const held = documents.get(orderDocument);
  const before = held?.type === 'order' ? held : undefined;
  if (!supersedes(event, projectionVersion, before)) return documents;
  const { order, version, timestamp } = event;
  const after: CountedOrder = {
    type: 'order',
    id: orderDocument,
    bucket,
    counted: countedOf(order),
    version,
    projectionVersion,
  };
  const stored = documents.get(WINDOWS_ID);
  const hour = stored?.type === 'windows' ? stored : newHour(placedAt, bucket);
  const key = windowOf(placedAt, order.currency);
  const window = recount(hour.windows[key] ?? NO_SALES, before ?? NOT_COUNTED, after, timestamp);
  const counted: HourWindows = {
    ...hour,
    windows: { ...hour.windows, [key]: window },
    version: hour.version + version - (before?.version ?? 0),
  };
  return new Map<string, LiveDocument>([...documents, [orderDocument, after], [WINDOWS_ID, counted]]);
}

const NO_SALES: MinuteSales = { orders: 0, revenue: 0, version: 0, lastUpdated: '' };
const NOT_COUNTED = { counted: { orders: 0, revenue: 0 }, version: 0 };

/** Subtracts what an order added before, and adds what it adds now. */
function recount(
  window: MinuteSales,
  before: Pick<CountedOrder, 'counted' | 'version'>,
  after: CountedOrder,
  timestamp: string,
): MinuteSales {
  return {
    orders: window.orders - before.counted.orders + after.counted.orders,
    revenue: addExactly(addExactly(window.revenue, before.counted.revenue, -1), after.counted.revenue),
    version: window.version - before.version + after.version,
    lastUpdated: laterOf(window.lastUpdated, timestamp),
  };
}

const newHour = (placedAt: string, bucket: string): HourWindows => ({
  type: 'windows',
  id: WINDOWS_ID,
  bucket,
  hour: hourOf(placedAt),
  windows: {},
  version: 0,
});
