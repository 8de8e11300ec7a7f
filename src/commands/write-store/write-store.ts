import type { Deadline } from '../../shared/deadline.ts';
import type { AggregateType } from '../../shared/events/envelope.ts';
import type { Address, OrderStatus, Tracking } from '../../shared/events/order-events.ts';
import type { MinorUnits } from '../../shared/money.ts';
import type { WrappedKey } from '../../shared/personal-data/data-keys.ts';
import type { SyncLagMeasure } from '../../shared/sync-lag.ts';
import type { CommitKey } from './customer-keys.ts';
import type { OutboxEvent } from './outbox.ts';
import type { ReadEventsRequest, StoredEvents } from './stored-events.ts';

/** The rows that a command needs. One round trip reads them all. */
export interface LoadRequest {
  /** The command's key (`commandKey`), unique across callers. */
  readonly commandId: string;
  readonly orderId?: string;
  /** Defaults to the customer of the order, if there is one. */
  readonly customerId?: string;
  /** In addition to the products in the order's own items. */
  readonly productIds: readonly string[];
  /** Counts the open drafts of `customerId`, up to this number. */
  readonly countDraftsUpTo?: number;
}

/** The record of a command that was already accepted. */
export interface CommandRecord {
  readonly payloadHash: string;
  readonly result: CommandResult;
  /** The order after the command, if it was a command on an order. */
  readonly order?: OrderOutcome;
  /** The id of the command's event. */
  readonly eventId?: string;
  /** True: the hub has refused an event of the aggregate, so the command's event may have to wait for it. */
  readonly held?: boolean;
}

/** What the response to a command says about its order, so that a client can show it before the read models do. */
export type OrderOutcome = Pick<OrderRow, 'status' | 'currency' | 'total'>;

/** The result of an accepted command. The same command sent again gets the same result. */
export interface CommandResult {
  readonly commandId: string;
  readonly aggregateType: AggregateType;
  readonly aggregateId: string;
  /** Version of the aggregate after the command: 1, 2, … */
  readonly version: number;
}

export interface OrderItemRow {
  /** 1, 2, … in the order the client sent them. Several lines may have the same product. */
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
  /** The highest line that the order ever had, as far as it is known; 0 for none. */
  readonly lastLine: number;
}

/** The columns that a customer's own commands write. Orders write `creditUsed`. */
export interface CustomerChange {
  readonly customerId: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly currency: string;
  readonly creditLimit: MinorUnits;
  /** Who requested the erasure, as a hash; null without a request. */
  readonly erasureRequestedBy: string | null;
  readonly version: number;
}

export interface CustomerRow extends CustomerChange {
  /** Credit that open orders use; never more than the limit (a CHECK constraint). */
  readonly creditUsed: MinorUnits;
  /** The personal data was erased and cannot be recovered. */
  readonly erased: boolean;
}

/** The columns that a product's own commands write. Stock changes are written as deltas. */
export interface ProductChange {
  readonly productId: string;
  readonly name: string;
  readonly price: MinorUnits;
  readonly currency: string;
  /** True: it can no longer be ordered. Never becomes false again. */
  readonly discontinued: boolean;
  readonly version: number;
}

export interface ProductRow extends ProductChange {
  /** Units available to sell; never negative (a CHECK constraint). */
  readonly available: number;
}

/** The lag of a read model, as last reported by the sync app. */
export interface SyncLag {
  readonly readModel: string;
  readonly measure: SyncLagMeasure;
  readonly lagMs: number;
  /** Milliseconds since the report. */
  readonly ageMs: number;
}

/** The rows that one round trip found. Rows that do not exist are absent. */
export interface LoadedRows {
  readonly command?: CommandRecord;
  readonly order?: OrderRow;
  /** The product names of the order's lines, as its newest event has them. Absent for a draft, whose names follow the products. */
  readonly lineNames?: ReadonlyMap<number, string>;
  readonly customer?: CustomerRow;
  /** The key that encrypts the customer's personal data. Absent when it does not exist yet or was destroyed. */
  readonly customerKey?: WrappedKey;
  readonly products: readonly ProductRow[];
  /** The customer's open drafts, counted as requested. */
  readonly openDrafts?: number;
  readonly syncLags: readonly SyncLag[];
}

/**
 * Everything that one accepted command changes, written in one transaction. The aggregate's first event inserts its row; later
 * events replace the row with the version before them.
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
  /** At least one event, all of one aggregate, in version order. They form the outbox until they are marked as published. */
  readonly events: readonly OutboxEvent[];
  readonly order?: OrderRow;
  readonly customer?: CustomerChange;
  readonly product?: ProductChange;
  /** Units removed from (negative) or returned to (positive) available stock: one entry per product, sorted by product id. */
  readonly stock: readonly { readonly productId: string; readonly delta: number }[];
  /** Minor units added to the customer's used credit; negative releases credit. */
  readonly credit?: { readonly customerId: string; readonly delta: MinorUnits };
  /** Present when the order is a new draft: the maximum open drafts of its customer, including this one. */
  readonly maxOpenDrafts?: number;
  /** Present when the events are encrypted. */
  readonly customerKey?: CommitKey;
  /** The customer whose data keys are destroyed and whose addresses and shipments are erased from their orders. */
  readonly erasedCustomerId?: string;
}

/** The outcome of a commit. All outcomes other than `committed` have written nothing. */
export type CommitOutcome =
  /** `held`: the hub has refused an earlier event of the aggregate, so the new events must wait for it in the outbox. */
  | { readonly outcome: 'committed'; readonly held?: true }
  /** Another command changed the aggregate (unique aggregate and version) or the customer's data key after the load. */
  | { readonly outcome: 'conflict' }
  /** This commandId was already committed (primary key of Commands). */
  | { readonly outcome: 'duplicate' }
  /**
   * A CHECK constraint prevented overselling a product or exceeding a customer's credit limit, or the customer would have more open
   * drafts than `maxOpenDrafts`, or an order takes units of a discontinued product.
   */
  | { readonly outcome: 'refused'; readonly constraint: 'stock' | 'credit' | 'drafts' | 'discontinued' };

/**
 * A commit has a value that its column cannot hold. Nothing was written, and the same commit fails again whenever it is sent: an error
 * of this app, which must reject such a value before it decides the command.
 */
export class UnstorableValue extends Error {
  /** `cause` is the database's error. */
  constructor(cause: unknown) {
    super('A value of the commit does not fit into its column.', { cause });
    this.name = 'UnstorableValue';
  }
}

/** The write database for the command app: two round trips per command. All implementations pass the same contract suite. */
export interface WriteStore {
  /** Reads the rows for a command, consistent as of one point in time. Begins no retry that would end after the deadline. */
  load(request: LoadRequest, deadline?: Deadline): Promise<LoadedRows>;
  /**
   * Writes the whole commit in one transaction. Throws on database faults and `UnstorableValue`, but not on constraint violations.
   * Begins no retry that would end after the deadline.
   */
  commit(commit: CommandCommit, deadline?: Deadline): Promise<CommitOutcome>;
  /** Reads an aggregate's events up to a version (default: all), in one round trip. Begins no retry that would end after the deadline. */
  readEvents(request: ReadEventsRequest, deadline?: Deadline): Promise<StoredEvents>;
  /** Resolves when the database accepts writes; throws otherwise, such as when it is read-only or its disk is full. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
