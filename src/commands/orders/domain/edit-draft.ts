import type { OrderEvent } from '../../../shared/events/order-events.ts';
import { accept, type Decision, type Rejected, reject } from '../../domain/decider.ts';
import type { AddItem, ChangeQuantity, RemoveItem, RemoveLine } from './commands.ts';
import type { DraftOrder } from './order.ts';
import { totalOf } from './order-item.ts';
import {
  checkDiscontinued,
  checkItemCurrency,
  checkTotal,
  type ItemPath,
  MAX_LINES,
  type OrderFacts,
  priceItems,
} from './rules.ts';

type OrderDecision = Decision<OrderEvent>;

const AT_TOP: ItemPath = (_index, field) => field;

/** Adds a line at the catalogue price, or at the command's price where it may set one. */
export function addItem({ item, setsPrices, orderId }: AddItem, draft: DraftOrder, facts: OrderFacts): OrderDecision {
  if (draft.items.length >= MAX_LINES) {
    const message = `Order ${orderId} already has the maximum of ${MAX_LINES} lines: place a second order.`;
    return reject({ code: 'validation-failed', message, errors: [{ path: 'productId', message }] });
  }
  const firstLine = draft.lastLine + 1;
  const priced = priceItems([item], facts, { setsPrices, firstLine, path: AT_TOP });
  if (priced.outcome === 'rejected') return priced;
  const { currency, items } = draft;
  const invalid =
    checkItemCurrency(currency, priced.items, facts, AT_TOP) ??
    checkTotal(totalOf([...items, ...priced.items]), currency, 'quantity');
  if (invalid !== undefined) return reject(invalid);
  const [line] = priced.items;
  if (line === undefined) throw new Error('Pricing one item returned no line.');
  return accept({ eventType: 'ItemAdded', data: line });
}

/** Removes all lines of a product. */
export function removeItem({ orderId, productId }: RemoveItem, { items }: DraftOrder): OrderDecision {
  if (items.some((item) => item.productId === productId)) {
    return accept({ eventType: 'ItemRemoved', data: { productId } });
  }
  return reject({ code: 'product-not-found', message: `Order ${orderId} has no line with product ${productId}.` });
}

/** Changes the quantity of one line. The line keeps its price. A discontinued product can only become fewer. */
export function changeQuantity(
  { orderId, line, quantity }: ChangeQuantity,
  { items, currency }: DraftOrder,
  facts: OrderFacts,
): OrderDecision {
  const before = items.find((item) => item.line === line);
  if (before === undefined) return noSuchLine(orderId, line);
  const after = { ...before, quantity };
  const changed = items.map((item) => (item.line === line ? after : item));
  const invalid =
    (quantity > before.quantity ? checkDiscontinued([after], facts, () => 'quantity') : undefined) ??
    checkTotal(totalOf(changed), currency, 'quantity');
  if (invalid !== undefined) return reject(invalid);
  return accept({ eventType: 'QuantityChanged', data: { line, quantity } });
}

/** Removes one line. */
export function removeLine({ orderId, line }: RemoveLine, { items }: DraftOrder): OrderDecision {
  if (!items.some((item) => item.line === line)) return noSuchLine(orderId, line);
  return accept({ eventType: 'LineRemoved', data: { line } });
}

function noSuchLine(orderId: string, line: number): Rejected {
  return reject({ code: 'product-not-found', message: `Order ${orderId} has no line ${line}.` });
}
