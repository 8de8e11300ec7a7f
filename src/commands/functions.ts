import { changeCreditLimit } from './customers/change-credit-limit.ts';
import { changeCustomerContact } from './customers/change-customer-contact.ts';
import { eraseCustomer } from './customers/erase-customer.ts';
import { registerCustomer } from './customers/register-customer.ts';
import { addItem } from './orders/add-item.ts';
import { cancelOrder } from './orders/cancel-order.ts';
import { changeShippingAddress } from './orders/change-shipping-address.ts';
import { confirmOrder } from './orders/confirm-order.ts';
import { createOrder } from './orders/create-order.ts';
import { deliverOrder } from './orders/deliver-order.ts';
import { placeOrder } from './orders/place-order.ts';
import { refundOrder } from './orders/refund-order.ts';
import { removeItem } from './orders/remove-item.ts';
import { shipOrder } from './orders/ship-order.ts';
import { submitOrder } from './orders/submit-order.ts';
import type { Command } from './pipeline/command.ts';
import { addProduct } from './products/add-product.ts';
import { adjustStock } from './products/adjust-stock.ts';
import { changePrice } from './products/change-price.ts';

/** Every command there is. Importing its file also registers its HTTP function. */
export const commands: readonly Command[] = [
  createOrder,
  placeOrder,
  addItem,
  removeItem,
  changeShippingAddress,
  submitOrder,
  confirmOrder,
  shipOrder,
  deliverOrder,
  cancelOrder,
  refundOrder,
  registerCustomer,
  changeCustomerContact,
  changeCreditLimit,
  eraseCustomer,
  addProduct,
  changePrice,
  adjustStock,
];
