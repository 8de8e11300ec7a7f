import { z } from 'zod';

/** The product as a whole after an event; its stock is not here, since orders change it all the time. */
export const productSnapshot = z.strictObject({
  productId: z.string().min(1),
  name: z.string(),
  price: z.int(),
  currency: z.string(),
});
export type ProductSnapshot = z.infer<typeof productSnapshot>;

/** A product entered the catalogue with its first stock (units). */
export const productAdded = z.strictObject({ ...productSnapshot.shape, stock: z.int() });
export type ProductAdded = z.infer<typeof productAdded>;
