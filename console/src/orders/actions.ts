import type { OrdersClient } from 'cqrs-orders-client';
import { CORRELATION_ID } from '../api/commands.ts';
import type { OrderStatus } from '../parts/status-badge.tsx';
import type { Role } from '../session/callers.ts';

export type ActionName = 'submit' | 'confirm' | 'ship' | 'deliver' | 'cancel' | 'refund';

/** A command on an order, as a button. */
export interface OrderAction {
  readonly name: ActionName;
  readonly label: string;
  /** The statuses in which the order allows it. */
  readonly from: readonly OrderStatus[];
  /** The status after it, which is shown before the API has answered. */
  readonly to: OrderStatus;
  readonly roles: readonly Role[];
  readonly danger?: boolean;
  /** What is asked first, because it can't be undone or needs more. */
  readonly question?: string;
  /** What the body needs, with the labels of the fields. */
  readonly fields?: Readonly<Record<string, string>>;
}

export const ACTIONS: readonly OrderAction[] = [
  { name: 'submit', label: 'Submit', from: ['draft'], to: 'submitted', roles: ['customer', 'admin'] },
  { name: 'confirm', label: 'Confirm', from: ['submitted'], to: 'confirmed', roles: ['admin'] },
  {
    name: 'ship',
    label: 'Ship',
    from: ['confirmed'],
    to: 'shipped',
    roles: ['warehouse', 'admin'],
    question: 'The parcel leaves the warehouse. The order can no longer be cancelled, only refunded.',
    fields: { carrier: 'Carrier', trackingNumber: 'Tracking number' },
  },
  {
    name: 'deliver',
    label: 'Deliver',
    from: ['shipped'],
    to: 'delivered',
    roles: ['warehouse', 'admin'],
    question: 'The customer has the parcel. This can’t be undone.',
  },
  {
    name: 'cancel',
    label: 'Cancel order',
    from: ['draft', 'submitted', 'confirmed'],
    to: 'cancelled',
    roles: ['customer', 'admin'],
    danger: true,
    question: 'Stock and credit become available again. This can’t be undone.',
    fields: { reason: 'Reason' },
  },
  {
    name: 'refund',
    label: 'Refund',
    from: ['confirmed', 'shipped', 'delivered'],
    to: 'refunded',
    roles: ['admin'],
    danger: true,
    question: 'The customer gets the whole amount back. This can’t be undone.',
    fields: { reason: 'Reason' },
  },
];

/** The body's fields: those of ship, cancel and refund. */
export interface ActionFields {
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly reason: string;
}

export interface SentAction {
  readonly orderId: string;
  readonly fields: ActionFields;
  readonly correlationId: string;
}

/** Sends the command. Rejects as the client does. */
export function sendAction(orders: OrdersClient, name: ActionName, { orderId, fields, correlationId }: SentAction) {
  const options = { params: { path: { orderId } }, headers: { [CORRELATION_ID]: correlationId } };
  const { carrier, trackingNumber, reason } = fields;
  switch (name) {
    case 'submit':
      return orders.POST('/orders/{orderId}/submit', options);
    case 'confirm':
      return orders.POST('/orders/{orderId}/confirm', options);
    case 'ship':
      return orders.POST('/orders/{orderId}/ship', { ...options, body: { carrier, trackingNumber } });
    case 'deliver':
      return orders.POST('/orders/{orderId}/deliver', options);
    case 'cancel':
      return orders.POST('/orders/{orderId}/cancel', { ...options, body: { reason } });
    case 'refund':
      return orders.POST('/orders/{orderId}/refund', { ...options, body: { reason } });
  }
}
