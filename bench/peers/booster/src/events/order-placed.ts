import { Event } from '@boostercloud/framework-core';
import { UUID } from '@boostercloud/framework-types';
import { Address, Item } from '../values';

@Event
export class OrderPlaced {
  public constructor(
    readonly orderId: UUID,
    readonly customerId: string,
    readonly items: Array<Item>,
    readonly shippingAddress: Address,
    readonly total: number,
  ) {}

  public entityID(): UUID {
    return this.orderId;
  }
}
