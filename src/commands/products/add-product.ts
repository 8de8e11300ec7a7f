import * as z from 'zod';
import { newIdentifier } from '../../shared/http/identifiers.ts';
import { newId } from '../http/aggregate-id.ts';
import { amount, currencyCode, minorUnits, textLine } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { MAX_STOCK } from './domain/product.ts';
import { prepareProductCommand } from './product-handler.ts';

export const addProduct = defineCommand({
  type: 'AddProduct',
  summary: 'Adds a product to the catalogue with its initial stock.',
  roles: ['admin'],
  schema: z.strictObject({
    productId: newIdentifier.optional(),
    name: textLine,
    price: amount,
    currency: currencyCode.optional(),
    stock: z
      .int('must be a whole number')
      .min(0, 'must not be negative')
      .max(MAX_STOCK, `must be at most ${MAX_STOCK}`),
  }),
  example: { productId: 'product-1', name: 'Desk lamp', price: 29.99, currency: 'USD', stock: 100 },
  rejections: ['product-exists'],
  prepare: (data, envelope, { defaultCurrency }) => {
    const { currency = defaultCurrency, name, stock } = data;
    const productId = newId(envelope, data.productId);
    const catalogue = { productId, name, price: minorUnits(data.price, currency, 'price'), currency };
    return prepareProductCommand(productId, () => ({ type: 'AddProduct', ...catalogue, stock }));
  },
});
