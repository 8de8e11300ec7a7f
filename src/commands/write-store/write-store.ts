import type { Address, OrderStatus, Tracking } from '../../shared/events/order-events.ts';
import type { MinorUnits } from '../../shared/money.ts';
import type { WrappedKey } from '../../shared/personal-data/data-keys.ts';
import type { SyncLagMeasure } from '../../shared/sync-lag.ts';

/** Which rows a command needs; one round trip reads them all. */
export interface LoadRequest {
  readonly commandId: string;
  readonly orderId?: string;
  /** Absent: the customer of the order, if there is one. */
  readonly customerId?: string;
  /** In addition to the products of the order's own items. */
  readonly productIds: readonly string[];
}

/** The record of a command that was accepted before. */
export interface CommandRecord {
  readonly payloadHash: string;
  readonly result: CommandResult;
}

/** What an accepted command answers, now and whenever it is sent again. */
export interface CommandResult {
  readonly commandId: string;
  readonly aggregateType: 'Order' | 'Customer' | 'Product';
  readonly aggregateId: string;
  /** Version of the aggregate after the command: 1, 2, … */
  readonly version: number;
}

export interface OrderItemRow {
  /** 1, 2, … in the order the client gave them; several lines may hold one product. */
  readonly line: number;
  readonly productId: string;
  readonly quantity: number;
  readonly price: MinorUnits;
}

export interface OrderRow {
  readonly orderId: string;
  readonly customerId: string;
  readonly status: OrderStatus;
  readonly currency: string;
  readonly total: MinorUnits;
  readonly shippingAddress: Address | null;
  /** ISO 8601 UTC; null in a draft. */
  readonly placedAt: string | null;
  readonly confirmedAt: string | null;
  readonly tracking: Tracking | null;
  readonly version: number;
  /** By line. */
  readonly items: readonly OrderItemRow[];
}

/** What a customer's own commands write; `creditUsed` belongs to the orders. */
export interface CustomerChange {
  readonly customerId: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly currency: string;
  readonly creditLimit: MinorUnits;
  readonly version: number;
}

export interface CustomerRow extends CustomerChange {
  /** Held by open orders; never more than the limit (a CHECK constraint). */
  readonly creditUsed: MinorUnits;
  /** Nobody knows any more who the customer was. */
  readonly erased: boolean;
}

/** What a product's own commands write; its stock moves by deltas. */
export interface ProductChange {
  readonly productId: string;
  readonly name: string;
  readonly price: MinorUnits;
  readonly currency: string;
  readonly version: number;
}

export interface ProductRow extends ProductChange {
  /** Units that can still be sold; never negative (a CHECK constraint). */
  readonly available: number;
}

/** How far a read model is behind, as the sync side last said. */
export interface SyncLag {
  readonly readModel: string;
  readonly measure: SyncLagMeasure;
  readonly lagMs: number;
  /** Milliseconds since it was said. */
  readonly ageMs: number;
}

/** What one round trip found; what does not exist is absent. */
export interface LoadedRows {
  readonly command?: CommandRecord;
  readonly order?: OrderRow;
  readonly customer?: CustomerRow;
  /** What the customer's personal data are sealed with; absent when there is no key yet, or no more. */
  readonly customerKey?: WrappedKey;
  readonly products: readonly ProductRow[];
  readonly syncLags: readonly SyncLag[];
}

/** A data key with the customer whose it is. */
export interface CustomerKey extends WrappedKey {
  readonly customerId: string;
}

/** The data key that a commit's events were sealed with. */
export interface SealingKey extends CustomerKey {
  /** True: made for this commit, and stored with it. False: it must still be the customer's key when the commit is written. */
  readonly isNew: boolean;
}

/**
 * Everything one accepted command changes, written in one transaction or not at all.
 * A row is inserted with the aggregate's first event; with a later one it replaces the version before its events.
 */
export interface CommandCommit {
  readonly command: {
    readonly commandId: string;
    readonly commandType: string;
    readonly payloadHash: string;
    /** ISO 8601 UTC. */
    readonly acceptedAt: string;
    readonly result: CommandResult;
  };
  /** At least one, of one aggregate, in version order. They are the outbox until they are marked published. */
  readonly events: readonly OutboxEvent[];
  readonly order?: OrderRow;
  readonly customer?: CustomerChange;
  readonly product?: ProductChange;
  /** Units taken from (negative) or given back to (positive) a product's available stock; by product id, none twice. */
  readonly stock: readonly { readonly productId: string; readonly delta: number }[];
  /** Minor units added to the customer's used credit; negative gives back. */
  readonly credit?: { readonly customerId: string; readonly delta: MinorUnits };
  /** Present when the events are sealed. */
  readonly customerKey?: SealingKey;
  /** The customer whose data key is destroyed, and whose orders lose their addresses. */
  readonly erasedCustomerId?: string;
}

/** How a commit ended. Everything but `committed` has written nothing. */
export type CommitOutcome =
  | { readonly outcome: 'committed' }
  /** Since the load, another command changed the aggregate (unique aggregate and version), or the customer's data key. */
  | { readonly outcome: 'conflict' }
  /** This commandId was committed already (primary key of Commands). */
  | { readonly outcome: 'duplicate' }
  /** A CHECK refused to oversell a product or to overspend a customer's credit. */
  | { readonly outcome: 'refused'; readonly constraint: 'stock' | 'credit' };

export interface ReadEventsRequest {
  readonly aggregateType: CommandResult['aggregateType'];
  readonly aggregateId: string;
  readonly upToVersion?: number | undefined;
}

/** What is stored of an aggregate's past, and what it takes to read it. */
export interface StoredEvents {
  /** The JSON of the events as they were committed, in version order; empty when there are none. */
  readonly bodies: readonly string[];
  /** The customer that they are about, as of now; absent for a product. */
  readonly customer?: Pick<CustomerRow, 'name' | 'version' | 'erased'> & { readonly key: WrappedKey | undefined };
}

/** The write database as the command side needs it: two round trips a command. Implementations pass one contract suite. */
export interface WriteStore {
  /** Reads the rows a command decides on, as of one moment. */
  load(request: LoadRequest): Promise<LoadedRows>;
  /** Writes the whole commit in one transaction. Faults of the database (not constraints) are thrown. */
  commit(commit: CommandCommit): Promise<CommitOutcome>;
  /** An aggregate's events up to a version (default: all). */
  readEvents(request: ReadEventsRequest): Promise<StoredEvents>;
  /** Resolves when the database answers; throws what is wrong otherwise. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** An event on its way to the hub: its body is the envelope's JSON exactly as it was committed. */
export interface OutboxEvent {
  readonly eventId: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly version: number;
  readonly body: string;
}

export interface ClaimRequest {
  /** Who claims; an owner may claim its own rows again. */
  readonly owner: string;
  /** Milliseconds for which nobody else may claim the same aggregates. */
  readonly leaseMs: number;
  /** Rows younger than this many milliseconds are left to the publisher that runs right after the commit. */
  readonly olderThanMs: number;
  /** Most rows in one claim. */
  readonly limit: number;
}

/** The outbox half of the event log. */
export interface Outbox {
  /**
   * Unpublished events under a lease, in version order per aggregate. An aggregate of which someone else holds a lease is
   * passed over whole, so two relays never send one order's events at the same time.
   */
  claim(request: ClaimRequest): Promise<readonly OutboxEvent[]>;
  /** Marks events as published; ids that are marked already, or unknown, are passed over. */
  markPublished(eventIds: readonly string[]): Promise<void>;
  /** Age in milliseconds of the oldest unpublished event; 0 when there is none. */
  oldestUnpublishedMs(): Promise<number>;
}

export interface KeysNotUnderRequest {
  readonly masterKeyVersion: string;
  /** Only customers behind this one, in the order of their ids. */
  readonly after: string;
  /** Most keys that are given. */
  readonly limit: number;
}

/** Customers' data keys, as the rotation of the master key needs them. */
export interface CustomerKeys {
  /** Data keys that are not wrapped under a version of the master key, by customer. */
  keysNotUnder(request: KeysNotUnderRequest): Promise<readonly CustomerKey[]>;
  /** Stores data keys under another version of the master key; one that was destroyed meanwhile stays destroyed. */
  rewrapKeys(keys: readonly CustomerKey[]): Promise<void>;
}
