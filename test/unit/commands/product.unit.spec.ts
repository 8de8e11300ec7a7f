import { describe, expect, it } from 'vitest';
import {
  decideProduct,
  evolveProduct,
  MAX_STOCK,
  type ProductCommand,
  type ProductState,
} from '../../../src/commands/products/domain/product.ts';
import { type ProductEvent, stockDelta } from '../../../src/shared/events/product-events.ts';

const lamp = { productId: 'lamp', name: 'Desk lamp', price: 2999, currency: 'USD' };
const add: ProductCommand = { type: 'AddProduct', ...lamp, stock: 10 };
const changePrice: ProductCommand = { type: 'ChangePrice', productId: 'lamp', price: 1999 };
const adjust = (delta: number): ProductCommand => ({
  type: 'AdjustStock',
  productId: 'lamp',
  delta,
  reason: 'stocktaking',
});

const rename: ProductCommand = { type: 'RenameProduct', productId: 'lamp', name: 'Brass lamp' };
const discontinue: ProductCommand = { type: 'DiscontinueProduct', productId: 'lamp', reason: 'No longer made' };

const added: ProductEvent = { eventType: 'ProductAdded', data: { ...lamp, stock: 10 } };
const renamed: ProductEvent = { eventType: 'ProductRenamed', data: { name: 'Brass lamp' } };
const discontinued: ProductEvent = { eventType: 'ProductDiscontinued', data: { reason: 'No longer made' } };
const priceChanged: ProductEvent = { eventType: 'PriceChanged', data: { price: 1999 } };
const adjusted = (delta: number): ProductEvent => ({
  eventType: 'StockAdjusted',
  data: { delta, reason: 'stocktaking' },
});

const stateAfter = (...events: readonly ProductEvent[]) =>
  events.reduce<ProductState>((state, event) => evolveProduct(state, event), undefined);

/** Reads as the specification: given events and the stock, when a command is decided, then an event or a rejection. */
function given(...events: readonly ProductEvent[]) {
  return {
    when: (command: ProductCommand, { available } = { available: 10 }) => {
      const decision = decideProduct(command, stateAfter(...events), { available });
      return {
        then: (event: ProductEvent) => expect(decision).toEqual({ outcome: 'accepted', event }),
        thenRejected: (code: string, message: string, ...paths: readonly string[]) => {
          expect(decision).toMatchObject({ outcome: 'rejected', rejection: { code, message } });
          const errors = decision.outcome === 'rejected' ? (decision.rejection.errors ?? []) : [];
          expect(errors.map(({ path }) => path)).toEqual(paths);
        },
      };
    },
  };
}

describe('AddProduct', () => {
  it('adds a product with its initial stock', () => {
    given().when(add, { available: 0 }).then(added);
  });

  it('rejects an id that is already in the catalogue', () => {
    given(added).when(add).thenRejected('product-exists', 'Product lamp is already in the catalogue.');
  });
});

describe('ChangePrice', () => {
  it('changes the price', () => {
    given(added).when(changePrice).then(priceChanged);
  });

  it('rejects a product that is not in the catalogue', () => {
    given().when(changePrice).thenRejected('product-not-found', 'There is no product lamp.');
  });
});

describe('RenameProduct', () => {
  it('changes the name', () => {
    given(added).when(rename).then(renamed);
    expect(stateAfter(added, renamed)).toEqual({ ...lamp, name: 'Brass lamp', discontinued: false });
  });

  it('rejects a product that is not in the catalogue', () => {
    given().when(rename).thenRejected('product-not-found', 'There is no product lamp.');
  });
});

describe('DiscontinueProduct', () => {
  it('discontinues the product with the reason', () => {
    given(added).when(discontinue).then(discontinued);
  });

  it('rejects a product that is already discontinued', () => {
    given(added, discontinued)
      .when(discontinue)
      .thenRejected('product-discontinued', 'Product lamp is already discontinued.');
  });

  it('rejects a product that is not in the catalogue', () => {
    given().when(discontinue).thenRejected('product-not-found', 'There is no product lamp.');
  });

  it.each([rename, changePrice, adjust(-1)])('leaves $type possible, which changes no order', (command) => {
    expect(decideProduct(command, stateAfter(added, discontinued), { available: 10 }).outcome).toBe('accepted');
  });
});

describe('AdjustStock', () => {
  it.each([5, -5])('changes the stock by %i', (delta) => {
    given(added).when(adjust(delta)).then(adjusted(delta));
  });

  it('removes the last unit', () => {
    given(added).when(adjust(-3), { available: 3 }).then(adjusted(-3));
  });

  it('rejects a removal above the available stock, which excludes units that orders reserve', () => {
    const message = '4 units of lamp cannot be removed: 3 are available.';
    given(added).when(adjust(-4), { available: 3 }).thenRejected('insufficient-stock', message, 'delta');
  });

  it('accepts stock up to the maximum and rejects one more unit', () => {
    given(added)
      .when(adjust(1), { available: MAX_STOCK - 1 })
      .then(adjusted(1));
    const message = `Adding 1 to the stock of lamp would exceed the maximum of ${MAX_STOCK}.`;
    given(added).when(adjust(1), { available: MAX_STOCK }).thenRejected('validation-failed', message, 'delta');
  });

  it('rejects a product that is not in the catalogue', () => {
    given().when(adjust(1)).thenRejected('product-not-found', 'There is no product lamp.');
  });
});

describe('folding the events of a product', () => {
  it('returns the product with every change applied, without its stock', () => {
    const state = stateAfter(added, adjusted(5), priceChanged, discontinued);
    expect(state).toEqual({ ...lamp, price: 1999, discontinued: true });
  });

  it('yields the stock change of each event', () => {
    expect([added, priceChanged, adjusted(-4), adjusted(1)].map(stockDelta)).toEqual([10, 0, -4, 1]);
  });

  it('throws when the first event is not ProductAdded', () => {
    expect(() => stateAfter(priceChanged)).toThrow('PriceChanged for a product that does not exist');
  });
});
