import { SCHEMA_VERSIONS } from '../../shared/events/envelope.ts';
import type { ProductSnapshot } from '../../shared/events/product-events.ts';
import type { PreparedCommand } from '../pipeline/command.ts';
import type { ProductRow } from '../write-store/write-store.ts';
import { decideProduct, evolveProduct, type ProductCommand, stockDelta } from './domain/product.ts';

/** Prepares a command on a product; amounts in it may depend on the currency that the product has. */
export function prepareProductCommand(
  productId: string,
  toCommand: (row: ProductRow | undefined) => ProductCommand,
): PreparedCommand {
  return {
    aggregateType: 'Product',
    aggregateId: productId,
    reads: { productIds: [productId] },
    version: ({ products: [product] }) => product?.version ?? 0,
    decide: ({ products: [row] }) => {
      const before = row === undefined ? undefined : toState(row);
      const decision = decideProduct(toCommand(row), before, { available: row?.available ?? 0 });
      if (decision.outcome === 'rejected') return decision;
      const product = evolveProduct(before, decision.event);
      return {
        outcome: 'accepted',
        change: {
          event: {
            ...decision.event,
            schemaVersion: SCHEMA_VERSIONS[decision.event.eventType],
            aggregateType: 'Product',
            product,
          },
          product: { ...product, version: (row?.version ?? 0) + 1 },
          stock: [{ productId, delta: stockDelta(decision.event) }].filter(({ delta }) => delta !== 0),
        },
      };
    },
  };
}

function toState({ version: _version, available: _available, ...product }: ProductRow): ProductSnapshot {
  return product;
}
