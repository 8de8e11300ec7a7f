type Row = Readonly<Record<string, string | number | null>>;

/** The rows of a customer, apart from their orders and events. Amounts are in minor units, times in ISO 8601 UTC. */
export interface ExportedCustomer {
  /** One row. */
  readonly customers: readonly Row[];
  readonly erasureRequests: readonly Row[];
  /** Without the keys themselves. */
  readonly keys: readonly Row[];
  readonly retiredKeys: readonly Row[];
}

/** Orders by id, and their lines. */
export interface ExportedOrders {
  readonly orders: readonly (Row & { readonly orderId: string })[];
  readonly items: readonly Row[];
}

/** A stored event, the record of its command, and how often the hub refused it: null when there is none. */
export interface ExportedEvent {
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly version: number;
  readonly recordedAt: string;
  readonly publishedAt: string | null;
  /** The JSON of the event as it is stored: personal fields are encrypted. */
  readonly body: string;
  readonly commandId: string | null;
  readonly commandType: string | null;
  readonly payloadHash: string | null;
  readonly acceptedAt: string | null;
  readonly refusals: number | null;
}

export interface ExportedEventsRequest {
  readonly customerId: string;
  /** The page starts after this event. */
  readonly after?: Pick<ExportedEvent, 'aggregateType' | 'aggregateId' | 'version'> | undefined;
  readonly limit: number;
  /** The page ends before the first event that starts after this many characters. */
  readonly maxCharacters: number;
}

/** Everything that the write database holds about a customer, read in pages. */
export interface CustomerExport {
  /** Returns undefined when there is no such customer. */
  customer(customerId: string): Promise<ExportedCustomer | undefined>;
  /** Reads orders of the customer with higher ids than `after`. */
  orders(customerId: string, after: string, limit: number): Promise<ExportedOrders>;
  /** Reads events of the customer and of their orders in the order of the log: by type, id and version. */
  events(request: ExportedEventsRequest): Promise<readonly ExportedEvent[]>;
}
