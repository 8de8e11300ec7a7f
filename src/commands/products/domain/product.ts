import type { ProductEvent } from '../../../shared/events/product-events.ts';
import type { MinorUnits } from '../../../shared/money.ts';
import { accept, type Decider, type Decision, reject } from '../../domain/decider.ts';

/** A product as the catalogue has it. */
interface CatalogueProduct {
  readonly productId: string;
  readonly name: string;
  readonly price: MinorUnits;
  readonly currency: string;
}

/** A product without its stock: orders change that, and a CHECK constraint guards it. */
export interface Product extends CatalogueProduct {
  /** True: it can no longer be ordered. */
  readonly discontinued: boolean;
}

/** Undefined before the first event. */
export type ProductState = Product | undefined;

export interface ProductFacts {
  /** Units available to sell. */
  readonly available: number;
}

export interface AddProduct extends CatalogueProduct {
  readonly type: 'AddProduct';
  readonly stock: number;
}

export interface RenameProduct {
  readonly type: 'RenameProduct';
  readonly productId: string;
  readonly name: string;
}

export interface DiscontinueProduct {
  readonly type: 'DiscontinueProduct';
  readonly productId: string;
  readonly reason: string;
}

export interface ChangePrice {
  readonly type: 'ChangePrice';
  readonly productId: string;
  readonly price: MinorUnits;
}

/** Adds units to the stock (positive) or removes them (negative). */
export interface AdjustStock {
  readonly type: 'AdjustStock';
  readonly productId: string;
  readonly delta: number;
  readonly reason: string;
}

export type ProductCommand = AddProduct | RenameProduct | DiscontinueProduct | ChangePrice | AdjustStock;

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
    return reject({ code: 'product-exists', message: `Product ${data.productId} is already in the catalogue.` });
  }
  if (state === undefined) {
    return reject({ code: 'product-not-found', message: `There is no product ${command.productId}.` });
  }
  switch (command.type) {
    case 'RenameProduct':
      return accept({ eventType: 'ProductRenamed', data: { name: command.name } });
    case 'DiscontinueProduct':
      return discontinue(command, state);
    case 'ChangePrice':
      return accept({ eventType: 'PriceChanged', data: { price: command.price } });
    case 'AdjustStock':
      return adjustStock(command, facts.available);
  }
}

function discontinue({ productId, reason }: DiscontinueProduct, { discontinued }: Product): Decision<ProductEvent> {
  if (!discontinued) return accept({ eventType: 'ProductDiscontinued', data: { reason } });
  const message = `Product ${productId} is already discontinued.`;
  return reject({ code: 'product-discontinued', message, facts: { productId } });
}

function adjustStock({ productId, delta, reason }: AdjustStock, available: number): Decision<ProductEvent> {
  if (available + delta < 0) {
    const message = `${-delta} units of ${productId} cannot be removed: ${available} are available.`;
    const facts = { productId, requested: -delta, available };
    return reject({ code: 'insufficient-stock', message, errors: [{ path: 'delta', message, ...facts }], facts });
  }
  if (available + delta > MAX_STOCK) {
    const message = `Adding ${delta} to the stock of ${productId} would exceed the maximum of ${MAX_STOCK}.`;
    return reject({ code: 'validation-failed', message, errors: [{ path: 'delta', message }] });
  }
  return accept({ eventType: 'StockAdjusted', data: { delta, reason } });
}

/** Returns the state after an event. Throws when the event cannot follow the state. */
export function evolveProduct(state: ProductState, event: ProductEvent): Product {
  if (event.eventType === 'ProductAdded') {
    const { stock: _, ...product } = event.data;
    return { ...product, discontinued: false };
  }
  if (state === undefined) throw new Error(`The log has ${event.eventType} for a product that does not exist.`);
  switch (event.eventType) {
    case 'ProductRenamed':
    case 'PriceChanged':
      return { ...state, ...event.data };
    case 'ProductDiscontinued':
      return { ...state, discontinued: true };
    case 'StockAdjusted':
      return state;
  }
}

export const productDecider: Decider<ProductCommand, ProductState, ProductFacts, ProductEvent, Product> = {
  initialState: undefined,
  decide: decideProduct,
  evolve: evolveProduct,
};
