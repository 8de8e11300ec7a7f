import type { ProductEvent } from '../../../shared/events/product-events.ts';
import type { MinorUnits } from '../../../shared/money.ts';
import { accept, type Decider, type Decision, reject } from '../../domain/decider.ts';

/** A product without its stock, which orders change and a CHECK constraint guards. */
export interface Product {
  readonly productId: string;
  readonly name: string;
  readonly price: MinorUnits;
  readonly currency: string;
}

/** Undefined before the first event. */
export type ProductState = Product | undefined;

export interface ProductFacts {
  /** Units that can still be sold. */
  readonly available: number;
}

export interface AddProduct extends Product {
  readonly type: 'AddProduct';
  readonly stock: number;
}

export interface ChangePrice {
  readonly type: 'ChangePrice';
  readonly productId: string;
  readonly price: MinorUnits;
}

/** Goods came in (positive), or were lost (negative). */
export interface AdjustStock {
  readonly type: 'AdjustStock';
  readonly productId: string;
  readonly delta: number;
  readonly reason: string;
}

export type ProductCommand = AddProduct | ChangePrice | AdjustStock;

/** Maximum units of a product in stock. */
export const MAX_STOCK = 1_000_000_000;

/** Decides a command on a product. */
export function decideProduct(
  command: ProductCommand,
  state: ProductState,
  facts: ProductFacts,
): Decision<ProductEvent> {
  if (command.type === 'AddProduct') {
    const { type: _, ...data } = command;
    if (state === undefined) return accept({ eventType: 'ProductAdded', data });
    return reject({ code: 'product-exists', message: `Product ${data.productId} is in the catalogue already.` });
  }
  if (state === undefined) {
    return reject({ code: 'product-not-found', message: `There is no product ${command.productId}.` });
  }
  switch (command.type) {
    case 'ChangePrice':
      return accept({ eventType: 'PriceChanged', data: { price: command.price } });
    case 'AdjustStock':
      return adjustStock(command, facts.available);
  }
}

function adjustStock({ productId, delta, reason }: AdjustStock, available: number): Decision<ProductEvent> {
  if (available + delta < 0) {
    const message = `${-delta} units of ${productId} cannot be taken out: ${available} are left.`;
    return reject({ code: 'insufficient-stock', message, errors: [{ path: 'delta', message }] });
  }
  if (available + delta > MAX_STOCK) {
    const message = `With ${delta} more there would be over ${MAX_STOCK} units of ${productId}, which is the most.`;
    return reject({ code: 'validation-failed', message, errors: [{ path: 'delta', message }] });
  }
  return accept({ eventType: 'StockAdjusted', data: { delta, reason } });
}

/** The state after an event. Throws when the log is not a product's. */
export function evolveProduct(state: ProductState, event: ProductEvent): Product {
  if (event.eventType === 'ProductAdded') {
    const { stock: _, ...product } = event.data;
    return product;
  }
  if (state === undefined) throw new Error(`The log has ${event.eventType} for a product that does not exist.`);
  switch (event.eventType) {
    case 'PriceChanged':
      return { ...state, ...event.data };
    case 'StockAdjusted':
      return state;
  }
}

/** Units that an event adds to what can be sold; negative takes away. */
export function stockDelta(event: ProductEvent): number {
  switch (event.eventType) {
    case 'ProductAdded':
      return event.data.stock;
    case 'StockAdjusted':
      return event.data.delta;
    case 'PriceChanged':
      return 0;
  }
}

export const productDecider: Decider<ProductCommand, ProductState, ProductFacts, ProductEvent, Product> = {
  initialState: undefined,
  decide: decideProduct,
  evolve: evolveProduct,
};
