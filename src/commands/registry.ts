import { addItem } from './add-item.ts';
import { addProduct } from './add-product.ts';
import { adjustStock } from './adjust-stock.ts';
import type { Command } from './bus/command.ts';
import { cancelOrder } from './cancel-order.ts';
import { changeCreditLimit } from './change-credit-limit.ts';
import { changeCustomerContact } from './change-customer-contact.ts';
import { changePrice } from './change-price.ts';
import { changeShippingAddress } from './change-shipping-address.ts';
import { confirmOrder } from './confirm-order.ts';
import { createOrder } from './create-order.ts';
import { deliverOrder } from './deliver-order.ts';
import { eraseCustomer } from './erase-customer.ts';
import { placeOrder } from './place-order.ts';
import { refundOrder } from './refund-order.ts';
import { registerCustomer } from './register-customer.ts';
import { removeItem } from './remove-item.ts';
import { shipOrder } from './ship-order.ts';
import { submitOrder } from './submit-order.ts';

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
