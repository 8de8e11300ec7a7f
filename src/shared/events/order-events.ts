import { z } from 'zod';

const id = z.string().min(1);
const minorUnits = z.int();
const utc = z.iso.datetime();

/** Postal address as it is stored and published. */
export const address = z.strictObject({
  street: z.string(),
  city: z.string(),
  state: z.string(),
  zip: z.string(),
  country: z.string().optional(),
});
export type Address = z.infer<typeof address>;

/** The order as a whole after an event: what projections copy, so that none of them asks the write side. */
export const orderSnapshot = z.strictObject({
  orderId: id,
  customerId: id,
  customerName: z.string(),
  customerEmail: z.string(),
  customerPhone: z.string().nullable(),
  status: z.enum(['submitted']),
  currency: z.string(),
  items: z
    .array(
      z.strictObject({
        line: z.int().positive(),
        productId: id,
        productName: z.string(),
        quantity: z.int().positive(),
        price: minorUnits,
      }),
    )
    .readonly(),
  total: minorUnits,
  shippingAddress: address,
  placedAt: utc,
});
export type OrderSnapshot = z.infer<typeof orderSnapshot>;

/** An order was created and submitted in one step; it holds stock and credit from now on. */
export const orderPlaced = z.strictObject({
  customerId: id,
  currency: z.string(),
  items: z
    .array(z.strictObject({ line: z.int().positive(), productId: id, quantity: z.int().positive(), price: minorUnits }))
    .readonly(),
  total: minorUnits,
  shippingAddress: address,
  placedAt: utc,
});
export type OrderPlaced = z.infer<typeof orderPlaced>;
