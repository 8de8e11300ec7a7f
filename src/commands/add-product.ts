import { randomUUID } from 'node:crypto';
import { app } from '@azure/functions';
import { z } from 'zod';
import { identifier } from '../shared/http/identifiers.ts';
import { amount, currencyCode, MAX_STOCK, price } from './amounts.ts';
import { defineCommand } from './bus/command.ts';
import { commandEndpoint } from './command-endpoint.ts';
import { prepareProductCommand } from './product-change.ts';
import { textLine } from './text-fields.ts';

/** Adds a product to the catalogue with its first stock. */
export const addProduct = defineCommand({
  type: 'AddProduct',
  roles: ['admin'],
  schema: z.strictObject({
    productId: identifier.optional(),
    name: textLine,
    price: amount,
    currency: currencyCode.optional(),
    stock: z
      .int('must be a whole number')
      .min(0, 'must not be negative')
      .max(MAX_STOCK, `must be at most ${MAX_STOCK}`),
  }),
  prepare: (data, _envelope, { defaultCurrency }) => {
    const currency = data.currency ?? defaultCurrency;
    return prepareProductCommand({
      type: 'AddProduct',
      productId: data.productId ?? randomUUID(),
      name: data.name,
      price: price(data.price, currency, 'price'),
      currency,
      stock: data.stock,
    });
  },
});

app.http('addProduct', {
  methods: ['POST'],
  route: 'products',
  authLevel: 'anonymous',
  handler: commandEndpoint(addProduct.type),
});
