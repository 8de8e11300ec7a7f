import type { AppFunction, TimerFunction } from '../shared/functions/app-function.ts';
import type { CommandsApp } from './app.ts';
import { changeCreditLimit } from './customers/change-credit-limit.ts';
import { changeCustomerContact } from './customers/change-customer-contact.ts';
import { eraseCustomer } from './customers/erase-customer.ts';
import { registerCustomer } from './customers/register-customer.ts';
import { rotateCustomerKeysTimer } from './customers/rotate-customer-keys.ts';
import { archiveEventsTimer } from './event-archive/archive-events.ts';
import { httpCommand } from './http/command-endpoint.ts';
import { executeCommand } from './http/execute-command.ts';
import { addItem } from './orders/add-item.ts';
import { cancelOrder } from './orders/cancel-order.ts';
import { changeQuantity } from './orders/change-quantity.ts';
import { changeShippingAddress } from './orders/change-shipping-address.ts';
import { confirmOrder } from './orders/confirm-order.ts';
import { createOrder } from './orders/create-order.ts';
import { deliverOrder } from './orders/deliver-order.ts';
import { expireOrdersTimer } from './orders/expire-orders.ts';
import { getCurrentOrder } from './orders/get-current-order.ts';
import { placeOrder } from './orders/place-order.ts';
import { quoteOrder } from './orders/quote-order.ts';
import { refundOrder } from './orders/refund-order.ts';
import { removeItem } from './orders/remove-item.ts';
import { removeLine } from './orders/remove-line.ts';
import { shipOrder } from './orders/ship-order.ts';
import { submitOrder } from './orders/submit-order.ts';
import { relayOutboxTimer } from './outbox/relay-timer.ts';
import type { Command } from './pipeline/command.ts';
import { addProduct } from './products/add-product.ts';
import { adjustStock } from './products/adjust-stock.ts';
import { changePrice } from './products/change-price.ts';
import { discontinueProduct } from './products/discontinue-product.ts';
import { renameProduct } from './products/rename-product.ts';

type Route = Parameters<typeof httpCommand>[2];

/** All commands and their routes. */
const routes: readonly (readonly [command: Command, route: Route])[] = [
  [createOrder, { method: 'POST', route: 'orders/drafts' }],
  [placeOrder, { method: 'POST', route: 'orders' }],
  [addItem, { method: 'POST', route: 'orders/{orderId}/items' }],
  [removeItem, { method: 'DELETE', route: 'orders/{orderId}/items/{productId}' }],
  [changeQuantity, { method: 'PUT', route: 'orders/{orderId}/lines/{line}' }],
  [removeLine, { method: 'DELETE', route: 'orders/{orderId}/lines/{line}' }],
  [changeShippingAddress, { method: 'PUT', route: 'orders/{orderId}/shipping-address' }],
  [submitOrder, { method: 'POST', route: 'orders/{orderId}/submit' }],
  [confirmOrder, { method: 'POST', route: 'orders/{orderId}/confirm' }],
  [shipOrder, { method: 'POST', route: 'orders/{orderId}/ship' }],
  [deliverOrder, { method: 'POST', route: 'orders/{orderId}/deliver' }],
  [cancelOrder, { method: 'POST', route: 'orders/{orderId}/cancel' }],
  [refundOrder, { method: 'POST', route: 'orders/{orderId}/refund' }],
  [registerCustomer, { method: 'POST', route: 'customers' }],
  [changeCustomerContact, { method: 'PUT', route: 'customers/{customerId}/contact' }],
  [changeCreditLimit, { method: 'PUT', route: 'customers/{customerId}/credit-limit' }],
  [eraseCustomer, { method: 'POST', route: 'customers/{customerId}/erase' }],
  [addProduct, { method: 'POST', route: 'products' }],
  [renameProduct, { method: 'PUT', route: 'products/{productId}/name' }],
  [discontinueProduct, { method: 'POST', route: 'products/{productId}/discontinue' }],
  [changePrice, { method: 'PUT', route: 'products/{productId}/price' }],
  [adjustStock, { method: 'POST', route: 'products/{productId}/stock' }],
];

/** All commands, for the command bus. */
export const commands: readonly Command[] = routes.map(([command]) => command);

/** The functions of the command app. */
export function functions(app: CommandsApp): readonly AppFunction[] {
  return [
    ...routes.map(([command, route]) => httpCommand(app, command, route)),
    executeCommand(app),
    getCurrentOrder(app),
    quoteOrder(app),
    ...timers(app),
  ];
}

/** The functions that run on a schedule. */
export function timers(app: CommandsApp): readonly TimerFunction[] {
  return [relayOutboxTimer(app), rotateCustomerKeysTimer(app), expireOrdersTimer(app), archiveEventsTimer(app)];
}
