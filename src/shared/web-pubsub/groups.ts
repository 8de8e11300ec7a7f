import { documentId } from '../read-models/document-id.ts';

/** The group of those who watch one order. */
export const orderGroup = (orderId: string): string => `order-${documentId(orderId)}`;

/** The group of warehouse workers who watch one order: they see less of its changes. */
export const shippingGroup = (orderId: string): string => `shipping-${documentId(orderId)}`;

/** The group of those who watch all orders: admins. */
export const ALL_ORDERS_GROUP = 'all-orders';
