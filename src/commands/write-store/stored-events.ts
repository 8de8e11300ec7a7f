import type { AggregateType } from '../../shared/events/envelope.ts';
import type { WrappedKey } from '../../shared/personal-data/data-keys.ts';
import type { Dated } from '../../shared/write-database/heartbeat.ts';

export interface ReadEventsRequest {
  readonly aggregateType: AggregateType;
  readonly aggregateId: string;
  readonly upToVersion?: number | undefined;
  /** Returns nothing unless the aggregate is an order of this customer. Absent: the caller may see any aggregate. */
  readonly ownerId?: string | undefined;
  /** Limits the events to the newest one and a window of those before it. Absent: all events. */
  readonly window?: EventWindow | undefined;
}

/** The events after a version, oldest first. */
export interface EventWindow {
  readonly after: number;
  /** Maximum events; 0 for none. */
  readonly limit: number;
  /** The window ends before the first event that starts after this many characters. */
  readonly maxCharacters: number;
}

/** An aggregate's stored events, and the keys to decrypt them. */
export interface StoredEvents extends Dated {
  /** The JSON of the events exactly as committed, in version order; empty when there are none. */
  readonly bodies: readonly string[];
  /** The current row of the customer whom the events are about; absent for a product, and without events. */
  readonly customer?: StoredCustomer;
}

/** The current row of the customer whom events are about, with the current data key first. */
export interface StoredCustomer {
  readonly name: string;
  readonly version: number;
  /** The personal data was erased and cannot be recovered. */
  readonly erased: boolean;
  readonly keys: readonly WrappedKey[];
}
