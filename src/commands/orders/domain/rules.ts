import { formatMoney, type MinorUnits } from '../../../shared/money.ts';
import { type Rejected, type Rejection, reject } from '../../domain/decider.ts';
import type { RequestedItem } from './commands.ts';
import { type OrderItem, unitsByProduct } from './order-item.ts';

/** What the rules need of the customer. */
export interface CustomerFacts {
  readonly customerId: string;
  readonly currency: string;
  readonly creditLimit: MinorUnits;
  readonly creditUsed: MinorUnits;
  /** Nobody knows any more who the customer was: orders under way go on, but none begins or changes. */
  readonly erased: boolean;
}

/** What the rules need of a product. */
export interface ProductFacts {
  readonly productId: string;
  readonly currency: string;
  readonly price: MinorUnits;
  /** Units that can still be sold. */
  readonly available: number;
}

export interface OrderFacts {
  readonly customer: CustomerFacts | undefined;
  readonly products: ReadonlyMap<string, ProductFacts>;
  /** Of the order: how many commands have changed it. */
  readonly version: number;
}

/** Most lines of one order; an event with all of them stays far below what a hub takes. */
export const MAX_LINES = 500;

/**
 * Most versions of an order that is still being changed. Its page keeps its history: 500 entries of at most 3 KB (an address)
 * and 500 lines stay below the 2 MB of a document.
 */
export const MAX_CHANGES = 500;

type FieldError = { readonly path: string; readonly message: string };

/** The path of a line's field in the command's data; a command with a single line has it at the top. */
export type ItemPath = (index: number, field: string) => string;

/** Numbers the lines and gives each its price: the catalogue's, or the command's where it may set one. */
export function priceItems(
  requested: readonly RequestedItem[],
  facts: OrderFacts,
  options: { readonly setsPrices: boolean; readonly firstLine: number; readonly path: ItemPath },
): { readonly outcome: 'priced'; readonly items: readonly OrderItem[] } | Rejected {
  const { setsPrices, firstLine, path } = options;
  const missing: FieldError[] = [];
  const items = requested.flatMap(({ productId, quantity, price }, index) => {
    const product = facts.products.get(productId);
    if (product !== undefined) return [{ line: firstLine + index, productId, quantity, price: price ?? product.price }];
    missing.push({ path: path(index, 'productId'), message: `There is no product ${productId}.` });
    return [];
  });
  if (missing.length > 0) return reject(fieldRejection('product-not-found', missing));
  const changed = setsPrices ? undefined : checkPrices(items, facts, path);
  return changed === undefined ? { outcome: 'priced', items } : reject(changed);
}

/** Every line has the catalogue's price. */
export function checkPrices(items: readonly OrderItem[], facts: OrderFacts, path: ItemPath): Rejection | undefined {
  const errors = items.flatMap(({ productId, price }, index) => {
    const product = facts.products.get(productId);
    if (product === undefined || product.price === price) return [];
    const now = formatMoney(product.price, product.currency);
    return [{ path: path(index, 'price'), message: `The price of ${productId} is ${now}.` }];
  });
  return errors.length === 0 ? undefined : fieldRejection('price-changed', errors);
}

/** A customer's order is in the customer's currency: sums are never taken across currencies. */
export function checkCustomerCurrency(currency: string, customer: CustomerFacts): Rejection | undefined {
  if (customer.currency === currency) return undefined;
  const message = `Customer ${customer.customerId} is in ${customer.currency}, the order in ${currency}.`;
  return fieldRejection('currency-mismatch', [{ path: 'customerId', message }]);
}

/** Every line is in the order's currency. */
export function checkItemCurrency(
  currency: string,
  items: readonly OrderItem[],
  facts: OrderFacts,
  path: ItemPath,
): Rejection | undefined {
  const errors = items.flatMap(({ productId }, index) => {
    const theirs = facts.products.get(productId)?.currency;
    if (theirs === currency) return [];
    return [
      { path: path(index, 'productId'), message: `Product ${productId} is in ${theirs}, the order in ${currency}.` },
    ];
  });
  return errors.length === 0 ? undefined : fieldRejection('currency-mismatch', errors);
}

/** Every product has as many units left as all lines of the order together ask for. */
export function checkStock(items: readonly OrderItem[], facts: OrderFacts): Rejection | undefined {
  const errors: FieldError[] = [];
  for (const [productId, units] of unitsByProduct(items)) {
    const available = facts.products.get(productId)?.available ?? 0;
    if (units <= available) continue;
    const index = items.findIndex((item) => item.productId === productId);
    errors.push({
      path: `items.${index}.quantity`,
      message: `${units} units of ${productId} were asked for, ${available} are left.`,
    });
  }
  return errors.length === 0 ? undefined : fieldRejection('insufficient-stock', errors);
}

/** The customer's open orders and this one together stay within the credit limit. */
export function checkCredit(total: MinorUnits, customer: CustomerFacts): Rejection | undefined {
  const { creditLimit, creditUsed, currency, customerId } = customer;
  if (creditUsed + total <= creditLimit) return undefined;
  const left = formatMoney(creditLimit - creditUsed, currency);
  const message = `The order's total of ${formatMoney(total, currency)} is more than the ${left} of credit that customer ${customerId} has left.`;
  return { code: 'credit-limit-exceeded', message };
}

/** A rejection whose sentence is its first field's, with the count of further ones. */
function fieldRejection(code: Rejection['code'], errors: readonly FieldError[]): Rejection {
  const [first, ...rest] = errors;
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more, see errors)`;
  return { code, message: `${first?.message ?? code}${more}`, errors };
}
