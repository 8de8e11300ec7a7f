import { formatMoney, type MinorUnits } from '../../shared/money.ts';
import type { OrderItem, PlaceOrder } from './order.ts';
import { type Rejected, type Rejection, reject } from './result.ts';

/** What the rules need of the customer. */
export interface CustomerFacts {
  readonly customerId: string;
  readonly currency: string;
  readonly creditLimit: MinorUnits;
  readonly creditUsed: MinorUnits;
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
}

type FieldError = { readonly path: string; readonly message: string };

/** Numbers the lines and gives each its price: the catalogue's, or the command's where it may set one. */
export function priceItems(
  command: Pick<PlaceOrder, 'items' | 'currency' | 'setsPrices'>,
  facts: OrderFacts,
): { readonly outcome: 'priced'; readonly items: readonly OrderItem[] } | Rejected {
  const missing: FieldError[] = [];
  const changed: FieldError[] = [];
  const items = command.items.flatMap(({ productId, quantity, price }, index) => {
    const product = facts.products.get(productId);
    if (product === undefined) {
      missing.push({ path: `items.${index}.productId`, message: `There is no product ${productId}.` });
      return [];
    }
    if (price !== undefined && price !== product.price && !command.setsPrices) {
      const now = formatMoney(product.price, product.currency);
      changed.push({ path: `items.${index}.price`, message: `The price of ${productId} is ${now}.` });
    }
    return [{ line: index + 1, productId, quantity, price: price ?? product.price }];
  });
  if (missing.length > 0) return reject(fieldRejection('product-not-found', missing));
  if (changed.length > 0) return reject(fieldRejection('price-changed', changed));
  return { outcome: 'priced', items };
}

/** An order, its customer and its products share one currency: sums are never taken across currencies. */
export function checkCurrency(
  currency: string,
  customer: CustomerFacts,
  items: readonly OrderItem[],
  facts: OrderFacts,
): Rejection | undefined {
  const others = items.map(({ productId }, index) => ({
    path: `items.${index}.productId`,
    name: `product ${productId}`,
    theirs: facts.products.get(productId)?.currency,
  }));
  others.unshift({ path: 'customerId', name: `customer ${customer.customerId}`, theirs: customer.currency });
  const errors = others
    .filter(({ theirs }) => theirs !== currency)
    .map(({ path, name, theirs }) => ({ path, message: `The ${name} is in ${theirs}, the order in ${currency}.` }));
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
  return {
    code: 'credit-limit-exceeded',
    message: `The order's total of ${formatMoney(total, currency)} is more than the ${left} of credit that customer ${customerId} has left.`,
  };
}

/** Units per product over all lines. */
export function unitsByProduct(items: readonly OrderItem[]): ReadonlyMap<string, number> {
  const units = new Map<string, number>();
  for (const { productId, quantity } of items) units.set(productId, (units.get(productId) ?? 0) + quantity);
  return units;
}

/** A rejection whose sentence is its first field's, with the count of further ones. */
function fieldRejection(code: Rejection['code'], errors: readonly FieldError[]): Rejection {
  const [first, ...rest] = errors;
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more, see errors)`;
  return { code, message: `${first?.message ?? code}${more}`, errors };
}
