import { Entity, Reduces } from '@boostercloud/framework-core';
import { UUID } from '@boostercloud/framework-types';
import { OrderPlaced } from '../events/order-placed';
import { Address, Item } from '../values';

@Entity
export class Order {
  public constructor(
    readonly id: UUID,
    readonly customerId: string,
    readonly items: Array<Item>,
    readonly shippingAddress: Address,
    readonly total: number,
  ) {}

  @Reduces(OrderPlaced)
  public static place({ orderId, customerId, items, shippingAddress, total }: OrderPlaced): Order {
    return new Order(orderId, customerId, items, shippingAddress, total);
  }
}
