import { addProduct } from './add-product.ts';
import type { Command } from './bus/command.ts';
import { placeOrder } from './place-order.ts';
import { registerCustomer } from './register-customer.ts';

/** Every command there is. Importing its file also registers its HTTP function. */
export const commands: readonly Command[] = [placeOrder, registerCustomer, addProduct];
