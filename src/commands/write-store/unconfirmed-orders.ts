/** A submitted order, which nobody has confirmed yet. */
export interface UnconfirmedOrder {
  readonly orderId: string;
  /** When the command that submitted the order was accepted, ISO 8601 UTC. Not `placedAt`, which can be earlier. */
  readonly submittedAt: string;
}

export interface UnconfirmedOrdersRequest {
  /** Only orders submitted at this time or earlier, ISO 8601 UTC. */
  readonly submittedUntil: string;
  /** Only orders after this one. */
  readonly after?: UnconfirmedOrder | undefined;
  /** Maximum orders to return. */
  readonly limit: number;
}

/** The submitted orders by time. The store maintains them with every commit of an order, also for earlier versions of the app. */
export interface UnconfirmedOrders {
  /** Reads submitted orders, ordered by the time of their submission and by id. The costs depend only on `limit`. */
  unconfirmedOrders(request: UnconfirmedOrdersRequest): Promise<readonly UnconfirmedOrder[]>;
}

/** Sorts before every order. */
export const BEFORE_ALL: UnconfirmedOrder = { orderId: '', submittedAt: '0001-01-01T00:00:00.000Z' };
