import type { Address } from '../../../shared/events/order-events.ts';
import type { MinorUnits } from '../../../shared/money.ts';

interface OnOrder {
  readonly orderId: string;
}

/** A line as a command requests it. Without a price it gets the catalogue price. */
export interface RequestedItem {
  readonly productId: string;
  readonly quantity: number;
  readonly price?: MinorUnits | undefined;
}

/** True: the command may set any price. False: prices must match the catalogue. */
interface Pricing {
  readonly setsPrices: boolean;
}

interface Creating extends OnOrder, Pricing {
  readonly customerId: string;
  readonly currency: string;
  readonly items: readonly RequestedItem[];
}

export interface CreateOrder extends Creating {
  readonly type: 'CreateOrder';
  /** Maximum open drafts of the customer, including this one. */
  readonly maxOpenDrafts: number;
  readonly shippingAddress: Address | null;
}

/** Creates and submits in one step. */
export interface PlaceOrder extends Creating {
  readonly type: 'PlaceOrder';
  readonly shippingAddress: Address;
  readonly placedAt: string;
}

export interface AddItem extends OnOrder, Pricing {
  readonly type: 'AddItem';
  readonly item: RequestedItem;
}

/** Removes all lines of a product. */
export interface RemoveItem extends OnOrder {
  readonly type: 'RemoveItem';
  readonly productId: string;
}

/** Changes the quantity of one line at its present price. */
export interface ChangeQuantity extends OnOrder {
  readonly type: 'ChangeQuantity';
  readonly line: number;
  readonly quantity: number;
}

/** Removes one line. */
export interface RemoveLine extends OnOrder {
  readonly type: 'RemoveLine';
  readonly line: number;
}

export interface ChangeShippingAddress extends OnOrder {
  readonly type: 'ChangeShippingAddress';
  readonly shippingAddress: Address;
}

export interface SubmitOrder extends OnOrder, Pricing {
  readonly type: 'SubmitOrder';
  readonly placedAt: string;
}

export interface ConfirmOrder extends OnOrder {
  readonly type: 'ConfirmOrder';
  readonly confirmedAt: string;
}

export interface ShipOrder extends OnOrder {
  readonly type: 'ShipOrder';
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly shippedAt: string;
}

export interface DeliverOrder extends OnOrder {
  readonly type: 'DeliverOrder';
  readonly deliveredAt: string;
}

export interface CancelOrder extends OnOrder {
  readonly type: 'CancelOrder';
  readonly reason: string;
}

/** Cancels an order that nobody has confirmed in time. */
export interface ExpireOrder extends OnOrder {
  readonly type: 'ExpireOrder';
  /** When the command that submitted the order was accepted. */
  readonly submittedAt: string;
}

export interface RefundOrder extends OnOrder {
  readonly type: 'RefundOrder';
  readonly reason: string;
}

/** Times are ISO 8601 UTC; money is in minor units of the order's currency. */
export type OrderCommand =
  | CreateOrder
  | PlaceOrder
  | AddItem
  | RemoveItem
  | ChangeQuantity
  | RemoveLine
  | ChangeShippingAddress
  | SubmitOrder
  | ConfirmOrder
  | ShipOrder
  | DeliverOrder
  | CancelOrder
  | ExpireOrder
  | RefundOrder;
