import { Command } from '@boostercloud/framework-core';
import { Register, UUID } from '@boostercloud/framework-types';
import { OrderPlaced } from '../events/order-placed';
import { Address, Item } from '../values';

@Command({ authorize: 'all' })
export class PlaceOrder {
  public constructor(
    readonly orderId: UUID,
    readonly customerId: string,
    readonly items: Array<Item>,
    readonly shippingAddress: Address,
  ) {}

  public static async handle(command: PlaceOrder, register: Register): Promise<void> {
    const { orderId, customerId, items, shippingAddress } = command;
    const cents = items.reduce((sum, { price, quantity }) => sum + Math.round(price * 100) * quantity, 0);
    register.events(new OrderPlaced(orderId, customerId, items, shippingAddress, cents / 100));
  }
}
