import { z } from 'zod';
import { open } from '../personal-data/personal-fields.ts';
import type { EventDataOf, EventDefinition, EventOf } from './event-definition.ts';

/** The whole product after an event, without its stock, which every order changes. */
export const publishedProduct = z.strictObject({
  productId: open(z.string().min(1)),
  name: open(z.string()),
  price: z.int().describe('Of one unit, in minor units of the currency.'),
  currency: open(z.string()),
});
export type PublishedProduct = z.infer<typeof publishedProduct>;

/** Every event of a product. */
export const productEvents = {
  ProductAdded: {
    version: 1,
    data: z.strictObject({ ...publishedProduct.shape, stock: z.int().describe('In units.') }),
  },
  PriceChanged: { version: 1, data: z.strictObject({ price: publishedProduct.shape.price }) },
  StockAdjusted: {
    version: 1,
    data: z.strictObject({ delta: z.int().describe('In units; negative takes away.'), reason: open(z.string()) }),
  },
} as const satisfies Record<string, EventDefinition>;

export type ProductEventData = EventDataOf<typeof productEvents>;
export type ProductEvent = EventOf<ProductEventData>;
