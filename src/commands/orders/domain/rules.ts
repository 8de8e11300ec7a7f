import { formatMoney, MAX_AMOUNT, type MinorUnits, toDecimal } from '../../../shared/money.ts';
import { unitsByProduct } from '../../../shared/orders/reservations.ts';
import { type Rejected, type RejectedField, type Rejection, reject } from '../../domain/decider.ts';
import type { RequestedItem } from './commands.ts';
import type { OrderItem } from './order-item.ts';

/** What the rules need to know about the customer. */
export interface CustomerFacts {
  readonly customerId: string;
  readonly currency: string;
  readonly creditLimit: MinorUnits;
  readonly creditUsed: MinorUnits;
  /** The personal data was erased. Submitted orders continue, but no order can be created or edited. */
  readonly erased: boolean;
}

/** What the rules need to know about a product. */
export interface ProductFacts {
  readonly productId: string;
  readonly currency: string;
  readonly price: MinorUnits;
  /** Units available to sell. */
  readonly available: number;
  /** It can no longer be ordered. */
  readonly discontinued: boolean;
}

export interface OrderFacts {
  readonly customer: CustomerFacts | undefined;
  readonly products: ReadonlyMap<string, ProductFacts>;
  /** Version of the order: how many commands have changed it. */
  readonly version: number;
  /** The customer's open drafts, for a command that creates one; otherwise 0. */
  readonly openDrafts: number;
}

/** Maximum lines in an order. An event with all of them, each as large as possible, is 602 KB; a hub accepts 1 MB. */
export const MAX_LINES = 500;

/** Maximum versions of an order that can still be edited: far more than any real order has. */
export const MAX_CHANGES = 500;

/** The path of a line's field in the command's data. A command with a single line has the field at the top level. */
export type ItemPath = (index: number, field: string) => string;

/** Numbers the lines and sets each price: the catalogue price, or the command's where the command may set one. */
export function priceItems(
  requested: readonly RequestedItem[],
  facts: OrderFacts,
  options: { readonly setsPrices: boolean; readonly firstLine: number; readonly path: ItemPath },
): { readonly outcome: 'priced'; readonly items: readonly OrderItem[] } | Rejected {
  const { setsPrices, firstLine, path } = options;
  const missing: RejectedField[] = [];
  const items = requested.flatMap(({ productId, quantity, price }, index) => {
    const product = facts.products.get(productId);
    if (product !== undefined) return [{ line: firstLine + index, productId, quantity, price: price ?? product.price }];
    missing.push({ path: path(index, 'productId'), message: `There is no product ${productId}.`, productId });
    return [];
  });
  if (missing.length > 0) return reject(fieldRejection('product-not-found', missing));
  const invalid = checkDiscontinued(items, facts, path) ?? (setsPrices ? undefined : checkPrices(items, facts, path));
  return invalid === undefined ? { outcome: 'priced', items } : reject(invalid);
}

/** Checks that every product can still be ordered. */
export function checkDiscontinued(
  items: readonly OrderItem[],
  facts: OrderFacts,
  path: ItemPath,
): Rejection | undefined {
  const errors = items.flatMap(({ productId }, index) => {
    if (facts.products.get(productId)?.discontinued !== true) return [];
    const message = `Product ${productId} is discontinued: leave it out.`;
    return [{ path: path(index, 'productId'), message, productId }];
  });
  return errors.length === 0 ? undefined : fieldRejection('product-discontinued', errors);
}

/** Checks that every line has the catalogue price. */
export function checkPrices(items: readonly OrderItem[], facts: OrderFacts, path: ItemPath): Rejection | undefined {
  const errors = items.flatMap(({ productId, price }, index) => {
    const product = facts.products.get(productId);
    if (product === undefined || product.price === price) return [];
    const { currency } = product;
    const message = `The price of ${productId} is ${formatMoney(product.price, currency)}.`;
    return [{ path: path(index, 'price'), message, productId, price: toDecimal(product.price, currency), currency }];
  });
  return errors.length === 0 ? undefined : fieldRejection('price-changed', errors);
}

/** Checks that the order uses the customer's currency, so that amounts are never added across currencies. */
export function checkCustomerCurrency(currency: string, customer: CustomerFacts): Rejection | undefined {
  if (customer.currency === currency) return undefined;
  const message = `Customer ${customer.customerId} uses ${customer.currency}, but the order uses ${currency}.`;
  return fieldRejection('currency-mismatch', [{ path: 'customerId', message, currency: customer.currency }]);
}

/** Checks that every line uses the order's currency. */
export function checkItemCurrency(
  currency: string,
  items: readonly OrderItem[],
  facts: OrderFacts,
  path: ItemPath,
): Rejection | undefined {
  const errors = items.flatMap(({ productId }, index) => {
    const product = facts.products.get(productId);
    if (product === undefined || product.currency === currency) return [];
    const message = `Product ${productId} uses ${product.currency}, but the order uses ${currency}.`;
    return [{ path: path(index, 'productId'), message, productId, currency: product.currency }];
  });
  return errors.length === 0 ? undefined : fieldRejection('currency-mismatch', errors);
}

/** Checks that every product has enough units for all lines of the order together. */
export function checkStock(items: readonly OrderItem[], facts: OrderFacts): Rejection | undefined {
  const errors: RejectedField[] = [];
  for (const [productId, units] of unitsByProduct(items)) {
    const available = facts.products.get(productId)?.available ?? 0;
    if (units <= available) continue;
    const index = items.findIndex((item) => item.productId === productId);
    errors.push({
      path: `items.${index}.quantity`,
      message: `${units} units of ${productId} were requested, but ${available} are available.`,
      productId,
      requested: units,
      available,
    });
  }
  return errors.length === 0 ? undefined : fieldRejection('insufficient-stock', errors);
}

/**
 * Checks the limit of an order's total. The comparison is exact even where the total is not: doubles are rounded monotonically, so a
 * total above the limit, which is a safe integer, is never rounded down to it.
 */
export function checkTotal(total: MinorUnits, currency: string, path: string): Rejection | undefined {
  if (total <= MAX_AMOUNT) return undefined;
  const message = `The total of an order must be at most ${formatMoney(MAX_AMOUNT, currency)}: place several orders.`;
  return fieldRejection('validation-failed', [{ path, message }]);
}

/** Checks that the customer's open orders and this order together stay within the credit limit. */
export function checkCredit(total: MinorUnits, customer: CustomerFacts): Rejection | undefined {
  const { creditLimit, creditUsed, currency, customerId } = customer;
  if (creditUsed + total <= creditLimit) return undefined;
  const left = creditLimit - creditUsed;
  const message = `The order total of ${formatMoney(total, currency)} exceeds the ${formatMoney(left, currency)} of credit available to customer ${customerId}.`;
  return { code: 'credit-limit-exceeded', message, facts: { creditAvailable: toDecimal(left, currency), currency } };
}

/** Checks that the customer may have another open draft. */
export function checkOpenDrafts(maxOpenDrafts: number, { openDrafts, customer }: OrderFacts): Rejection | undefined {
  if (openDrafts < maxOpenDrafts) return undefined;
  const message = `Customer ${customer?.customerId} has ${maxOpenDrafts} open drafts, which is the maximum: submit or cancel one first.`;
  return { code: 'too-many-drafts', message };
}

/** A rejection with the message and the facts of the first field. The message states the number of further errors. */
function fieldRejection(code: Rejection['code'], errors: readonly RejectedField[]): Rejection {
  const [first, ...rest] = errors;
  const { path: _, message, ...facts } = first ?? { path: '', message: code };
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more, see errors)`;
  return { code, message: `${message}${more}`, errors, facts };
}
