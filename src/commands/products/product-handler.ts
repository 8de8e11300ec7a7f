import { EVENTS } from '../../shared/events/envelope.ts';
import { type ProductEvent, stockDelta } from '../../shared/events/product-events.ts';
import { type Aggregate, prepareAggregate } from '../pipeline/aggregate-handler.ts';
import type { PreparedCommand } from '../pipeline/command.ts';
import type { ProductRow } from '../write-store/write-store.ts';
import {
  type Product,
  type ProductCommand,
  type ProductFacts,
  type ProductState,
  productDecider,
} from './domain/product.ts';

const products: Aggregate<ProductCommand, ProductState, ProductFacts, ProductEvent, Product> = {
  type: 'Product',
  decider: productDecider,
  load: ({ products: [row] }) => ({
    version: row?.version ?? 0,
    state: row && toProduct(row),
    facts: { available: row?.available ?? 0 },
  }),
  change: ({ id, version, event, after }) => {
    const { discontinued: _, ...product } = after;
    return {
      event: { ...event, schemaVersion: EVENTS[event.eventType].version, aggregateType: 'Product', product },
      product: { ...after, version },
      stock: [{ productId: id, delta: stockDelta(event) }].filter(({ delta }) => delta !== 0),
    };
  },
};

/** Prepares a command on a product. */
export function prepareProductCommand(
  productId: string,
  toCommand: (product: ProductState) => ProductCommand,
): PreparedCommand {
  return prepareAggregate(products, { id: productId, reads: { productIds: [productId] }, toCommand });
}

function toProduct({ version: _version, available: _available, ...product }: ProductRow): Product {
  return product;
}
