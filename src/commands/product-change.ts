import type { PreparedCommand } from './bus/command.ts';
import {
  decideProduct,
  evolveProduct,
  initialProduct,
  type ProductCommand,
  type ProductState,
  stockDelta,
} from './domain/product.ts';
import type { ProductRow } from './write-store/write-store.ts';

/** Prepares any command on a product. */
export function prepareProductCommand(command: ProductCommand): PreparedCommand {
  const { productId } = command;
  return {
    aggregateType: 'Product',
    aggregateId: productId,
    reads: { productIds: [productId] },
    decide: ({ products: [row] }) => {
      const before = toState(row);
      const decision = decideProduct(command, before);
      if (decision.outcome === 'rejected') return decision;
      const { status: _, ...product } = evolveProduct(before, decision.event);
      return {
        outcome: 'accepted',
        change: {
          event: { ...decision.event, schemaVersion: 1, aggregateType: 'Product', product },
          product: { ...product, version: (row?.version ?? 0) + 1 },
          stock: [{ productId, delta: stockDelta(decision.event) }].filter(({ delta }) => delta !== 0),
        },
      };
    },
  };
}

function toState(row: ProductRow | undefined): ProductState {
  return row === undefined ? initialProduct : { status: 'listed', ...row };
}
