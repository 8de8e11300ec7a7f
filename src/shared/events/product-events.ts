import { z } from 'zod';

/** The product as a whole after an event; its stock is not here, since orders change it all the time. */
export const productSnapshot = z.strictObject({
  productId: z.string().min(1),
  name: z.string(),
  price: z.int().describe('Of one unit, in minor units of the currency.'),
  currency: z.string(),
});
export type ProductSnapshot = z.infer<typeof productSnapshot>;

/** What each event says has changed. */
export const productEventData = {
  ProductAdded: z.strictObject({ ...productSnapshot.shape, stock: z.int().describe('In units.') }),
  PriceChanged: z.strictObject({ price: productSnapshot.shape.price }),
  StockAdjusted: z.strictObject({ delta: z.int().describe('In units; negative takes away.'), reason: z.string() }),
};
