import type { ProductAdded } from '../../shared/events/product-events.ts';
import { accept, type Decision, reject } from './result.ts';

export type ProductEvent = { readonly eventType: 'ProductAdded'; readonly data: ProductAdded };

/** Its stock is no part of the state: orders move it, and a CHECK constraint guards it. */
export type ListedProduct = { readonly status: 'listed' } & Omit<ProductAdded, 'stock'>;

/** `none` before the first event. */
export type ProductState = { readonly status: 'none' } | ListedProduct;

export const initialProduct: ProductState = { status: 'none' };

export interface AddProduct extends ProductAdded {
  readonly type: 'AddProduct';
}

export type ProductCommand = AddProduct;

/** Decides a command on a product by its state. */
export function decideProduct(command: ProductCommand, state: ProductState): Decision<ProductEvent> {
  const { type, ...data } = command;
  switch (type) {
    case 'AddProduct':
      if (state.status !== 'none') {
        return reject({ code: 'product-exists', message: `Product ${data.productId} is in the catalogue already.` });
      }
      return accept({ eventType: 'ProductAdded', data });
  }
}

/** The state after an event. */
export function evolveProduct(_state: ProductState, event: ProductEvent): ListedProduct {
  switch (event.eventType) {
    case 'ProductAdded': {
      const { stock: _, ...product } = event.data;
      return { status: 'listed', ...product };
    }
  }
}

/** Units an event adds to (or takes from) what can be sold. */
export function stockDelta(event: ProductEvent): number {
  switch (event.eventType) {
    case 'ProductAdded':
      return event.data.stock;
  }
}
