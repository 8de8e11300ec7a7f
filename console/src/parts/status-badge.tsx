import type { components } from 'cqrs-orders-client';

export type OrderStatus = components['schemas']['Order']['status'];

export const ORDER_STATUSES: readonly OrderStatus[] = [
  'draft',
  'submitted',
  'confirmed',
  'shipped',
  'delivered',
  'cancelled',
  'refunded',
];

const TONES: Readonly<Record<OrderStatus, string>> = {
  draft: '',
  submitted: 'calm',
  confirmed: 'accent',
  shipped: 'warn',
  delivered: 'good',
  cancelled: 'bad',
  refunded: 'bad',
};

export function StatusBadge({ status }: { readonly status: OrderStatus }) {
  return <span className={`badge ${TONES[status]}`}>{status.charAt(0).toUpperCase() + status.slice(1)}</span>;
}
