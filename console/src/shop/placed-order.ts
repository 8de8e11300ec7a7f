/** An order that was placed in this page. */
export interface PlacedOrder {
  readonly orderId: string;
  readonly customerId: string;
  readonly version: number;
  readonly correlationId: string;
  /** When the command was sent, and how long (ms) its answer took. */
  readonly sentAt: number;
  readonly answeredMs: number;
}
