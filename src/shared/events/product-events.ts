import * as z from 'zod';
import { nonPersonal } from '../personal-data/personal-fields.ts';
import type { EventDataOf, EventDefinition, EventOf } from './event-definition.ts';

/** The product after an event (event-carried state transfer), without its stock, which every order changes. */
export const publishedProduct = z.strictObject({
  productId: nonPersonal(z.string().min(1)),
  name: nonPersonal(z.string()),
  price: z.int().describe('Unit price, in minor units of the currency.'),
  currency: nonPersonal(z.string()),
});
export type PublishedProduct = z.infer<typeof publishedProduct>;

/** The events of a product. */
export const productEvents = {
  ProductAdded: {
    version: 1,
    data: z.strictObject({ ...publishedProduct.shape, stock: z.int().describe('In units.') }),
  },
  ProductRenamed: { version: 1, data: z.strictObject({ name: publishedProduct.shape.name }) },
  /** The product can no longer be ordered. This is final. */
  ProductDiscontinued: { version: 1, data: z.strictObject({ reason: nonPersonal(z.string()) }) },
  PriceChanged: { version: 1, data: z.strictObject({ price: publishedProduct.shape.price }) },
  StockAdjusted: {
    version: 1,
    data: z.strictObject({
      delta: z.int().describe('In units; negative when stock was removed.'),
      reason: nonPersonal(z.string()),
    }),
  },
} as const satisfies Record<string, EventDefinition>;

export type ProductEventData = EventDataOf<typeof productEvents>;
export type ProductEvent = EventOf<ProductEventData>;

/** Units that an event adds to the available stock; negative removes them. */
export function stockDelta(event: ProductEvent): number {
  switch (event.eventType) {
    case 'ProductAdded':
      return event.data.stock;
    case 'StockAdjusted':
      return event.data.delta;
    default:
      return 0;
  }
}
