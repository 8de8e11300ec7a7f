import { Projects, ReadModel } from '@boostercloud/framework-core';
import { ProjectionResult, UUID } from '@boostercloud/framework-types';
import { Order } from '../entities/order';
import { Address, Item } from '../values';

@ReadModel({ authorize: 'all' })
export class OrderReadModel {
  public constructor(
    readonly id: UUID,
    readonly customerId: string,
    readonly items: Array<Item>,
    readonly shippingAddress: Address,
    readonly total: number,
  ) {}

  @Projects(Order, 'id')
  public static project({ id, customerId, items, shippingAddress, total }: Order): ProjectionResult<OrderReadModel> {
    return new OrderReadModel(id, customerId, items, shippingAddress, total);
  }
}
