import type { Actor, Role } from '../../shared/auth/authenticate.ts';
import { Problem } from '../../shared/http/problem.ts';
import { ORDER_DETAILS } from '../../shared/read-models/containers.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { MAX_HISTORY_ENTRIES } from '../../shared/read-models/history-page.ts';
import type { ReadConsistency } from '../../shared/read-models/open-database.ts';
import type { OrderDetails } from '../../shared/read-models/order-details.ts';
import { fromPageEntry, type HistoryEntry, historyId, isOnPage } from '../../shared/read-models/order-history.ts';
import { isForWarehouse } from '../../shared/read-models/order-views.ts';
import { readAll } from '../../shared/read-models/paging.ts';
import type { QueriesApp } from '../app.ts';
import { type ReadModelDocument, readDocument } from '../reading/read-document.ts';

export type StoredPage = OrderDetails & ReadModelDocument;
export type StoredEntry = HistoryEntry & Pick<ReadModelDocument, 'revision'>;

/** An order, and the entries of its history that were asked for. */
export interface FoundOrder {
  readonly order: StoredPage;
  /** Sorted by version; at most one more than the page size. Those that are documents of their own are usually, not always, written before the order page. */
  readonly entries: readonly StoredEntry[];
}

/** What decides who sees an order: its page, or an entry of its history. */
type Seen = Pick<OrderDetails, 'customerId' | 'status' | 'confirmedAt'>;

/**
 * Reads one order, with one request to Cosmos DB per call; for the warehouse, with one more for the history. Every call rejects with
 * Problem `unavailable`.
 */
export interface OrderReader {
  /** The order page alone. Undefined when the order does not exist or the caller may not see it. */
  page(): Promise<FoundOrder | undefined>;
  /** The order page and its history after a version. Undefined as for `page`. */
  pageAndHistory(after: number, consistency?: ReadConsistency): Promise<FoundOrder | undefined>;
  /**
   * Whether the read model has a version, and the caller may see it. Costs about one request unit while the version is missing; for one of the
   * first versions of a large order, the page as well.
   */
  hasVersion(version: number): Promise<boolean>;
}

/** One page, one page of the history, and the entry that shows whether there is another page. */
const MAX_DOCUMENTS = 1 + MAX_HISTORY_ENTRIES + 1;

export function orderReader({ database }: Pick<QueriesApp, 'database'>, orderId: string, actor: Actor): OrderReader {
  const container = database.container(ORDER_DETAILS.name);
  const partition = documentId(orderId);
  const owner = onlyCustomer(actor);
  const maySee = (seen: Seen) => viewersOf(actor, seen).size > 0;
  let lines = 0;
  const page = async (consistency?: ReadConsistency) => {
    const order = await readDocument<OrderDetails>(container, partition, partition, consistency);
    lines = order?.items.length ?? 0;
    return order !== undefined && maySee(order) ? { order, entries: [] } : undefined;
  };
  return {
    page: () => page(),
    pageAndHistory: async (after, consistency) => {
      // The page alone tells whether the warehouse may see an order, so that the history of any other order is not read.
      if (isWarehouse(actor) && (await page(consistency)) === undefined) return undefined;
      // The database filters by what the caller may see, so that no other customer's history is read.
      const ofOwner = owner === undefined ? '' : 'AND c.customerId = @owner';
      const query = `SELECT TOP ${MAX_DOCUMENTS} * FROM c
        WHERE (c.sequence = 0 OR c.sequence > @after) ${ofOwner} ORDER BY c.sequence`;
      const parameters = [
        { name: '@after', value: after },
        ...(owner === undefined ? [] : [{ name: '@owner', value: owner }]),
      ];
      const [order, ...entries] = await readAll<StoredPage | StoredEntry>(
        container,
        { query, parameters },
        partition,
        consistency,
      );
      if (order === undefined || !isPage(order) || !maySee(order)) return undefined;
      lines = order.items.length;
      return { order, entries: historyAfter(after, order, entries.filter(isEntry)) };
    },
    hasVersion: async (version) => {
      const isOnReadPage = async () => ((await page())?.order.version ?? 0) >= version;
      if (isOnPage(version, lines)) return isOnReadPage();
      // The page of an order with many lines is large.
      const entry = await readDocument<HistoryEntry>(container, historyId(version), partition);
      if (entry !== undefined) return maySee(entry);
      // The version may have removed lines: then its entry is on the page.
      return isOnPage(version, 0) && isOnReadPage();
    },
  };
}

export function orderNotFound(orderId: string): Problem {
  return new Problem('order-not-found', `There is no order ${orderId} that you may see.`);
}

const isWarehouse = ({ roles }: Actor): boolean => roles.has('warehouse') && !roles.has('admin');

/** The only customer whose orders the caller may see; undefined for a caller who may see every customer's. No customer has an empty id. */
function onlyCustomer({ roles, customerId = '' }: Actor): string | undefined {
  return roles.has('admin') || roles.has('warehouse') ? undefined : customerId;
}

/**
 * The caller's roles that see the order: a customer sees their own orders, the warehouse those that were confirmed, an admin all. For
 * everyone else the order does not exist.
 */
export function viewersOf({ roles, customerId }: Actor, order: Seen): ReadonlySet<Role> {
  const sees: Readonly<Record<Role, boolean>> = {
    admin: true,
    customer: order.customerId === customerId,
    warehouse: isForWarehouse(order),
    analyst: false,
  };
  return new Set([...roles].filter((role) => sees[role]));
}

/** The entries of the page after a version, and those that are documents of their own: a rebuild may find one in both places. */
function historyAfter(after: number, page: StoredPage, others: readonly StoredEntry[]): readonly StoredEntry[] {
  const newer = page.history?.filter(({ version }) => version > after) ?? [];
  const versions = new Set(newer.map(({ version }) => version));
  const entries = [
    ...newer.map((entry) => fromPageEntry(entry, page)),
    ...others.filter(({ version }) => !versions.has(version)),
  ];
  return entries.sort((a, b) => a.version - b.version).slice(0, MAX_HISTORY_ENTRIES + 1);
}

const isEntry = (document: StoredPage | StoredEntry): document is StoredEntry => document.sequence !== 0;
const isPage = (document: StoredPage | StoredEntry): document is StoredPage => document.sequence === 0;
