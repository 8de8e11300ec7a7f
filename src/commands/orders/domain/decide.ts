import type { OrderEvent } from '../../../shared/events/order-events.ts';
import { accept, type Decider, type Decision, type Rejected, reject, rejectErased } from '../../domain/decider.ts';
import type { AddItem, CreateOrder, OrderCommand, PlaceOrder, RemoveItem, SubmitOrder } from './commands.ts';
import {
  type DraftOrder,
  type ExistingOrder,
  evolveOrder,
  initialOrder,
  isIn,
  type OrderInStatus,
  type OrderState,
} from './order.ts';
import { totalOf } from './order-item.ts';
import {
  checkCredit,
  checkCustomerCurrency,
  checkItemCurrency,
  checkPrices,
  checkStock,
  type ItemPath,
  MAX_CHANGES,
  MAX_LINES,
  type OrderFacts,
  priceItems,
} from './rules.ts';

type OrderDecision = Decision<OrderEvent>;

/** Decides a command on an order, given its state and the facts about customer and products. */
export function decideOrder(command: OrderCommand, state: OrderState, facts: OrderFacts): OrderDecision {
  const decision = decide(command, state, facts);
  const binds = decision.outcome === 'accepted' && BINDING.has(decision.event.eventType);
  return binds && facts.customer?.erased === true ? rejectErased(facts.customer.customerId) : decision;
}

export const orderDecider: Decider<OrderCommand, OrderState, OrderFacts, OrderEvent, ExistingOrder> = {
  initialState: initialOrder,
  decide: decideOrder,
  evolve: evolveOrder,
};

/** Events that an erased customer can no longer cause. Orders that are under way continue to their end. */
const BINDING: ReadonlySet<OrderEvent['eventType']> = new Set([
  'OrderCreated',
  'OrderPlaced',
  'ItemAdded',
  'ItemRemoved',
  'ShippingAddressChanged',
  'OrderSubmitted',
]);

function decide(command: OrderCommand, state: OrderState, facts: OrderFacts): OrderDecision {
  switch (command.type) {
    case 'CreateOrder':
    case 'PlaceOrder':
      return create(command, state, facts);
    case 'AddItem':
      return (
        tooManyChanges(command, facts) ?? from(['draft'], state, command, (draft) => addItem(command, draft, facts))
      );
    case 'RemoveItem':
      return tooManyChanges(command, facts) ?? from(['draft'], state, command, (draft) => removeItem(command, draft));
    case 'SubmitOrder':
      return from(['draft'], state, command, (draft) => submit(command, draft, facts));
    case 'ChangeShippingAddress': {
      const { shippingAddress } = command;
      const event = { eventType: 'ShippingAddressChanged' as const, data: { shippingAddress } };
      return tooManyChanges(command, facts) ?? transition(['draft', 'submitted', 'confirmed'], state, command, event);
    }
    case 'ConfirmOrder': {
      const { confirmedAt } = command;
      return transition(['submitted'], state, command, { eventType: 'OrderConfirmed', data: { confirmedAt } });
    }
    case 'ShipOrder': {
      const { carrier, trackingNumber, shippedAt } = command;
      const data = { carrier, trackingNumber, shippedAt };
      return transition(['confirmed'], state, command, { eventType: 'OrderShipped', data });
    }
    case 'DeliverOrder': {
      const { deliveredAt } = command;
      return transition(['shipped'], state, command, { eventType: 'OrderDelivered', data: { deliveredAt } });
    }
    case 'CancelOrder': {
      const { reason } = command;
      const event = { eventType: 'OrderCancelled' as const, data: { reason } };
      return transition(['draft', 'submitted', 'confirmed'], state, command, event);
    }
    case 'RefundOrder': {
      const { reason } = command;
      const event = { eventType: 'OrderRefunded' as const, data: { reason } };
      return transition(['confirmed', 'shipped', 'delivered'], state, command, event);
    }
  }
}

/** Decides further when the order is in one of the statuses; otherwise there is no such order, or no such transition. */
function from<Status extends ExistingOrder['status']>(
  statuses: readonly Status[],
  state: OrderState,
  { type, orderId }: OrderCommand,
  decide: (order: OrderInStatus<Status>) => OrderDecision,
): OrderDecision {
  if (isIn(state, statuses)) return decide(state);
  if (state.status === 'none') {
    return reject({ code: 'order-not-found', message: `There is no order ${orderId}.` });
  }
  const allowed = statuses.join(' or ');
  const message = `Order ${orderId} is ${state.status}; ${type} is possible only while it is ${allowed}.`;
  return reject({ code: 'invalid-transition', message });
}

/** Refuses what could go on for ever; the transitions to another status cannot. */
function tooManyChanges({ orderId }: OrderCommand, { version }: OrderFacts): Rejected | undefined {
  if (version < MAX_CHANGES) return undefined;
  const message = `Order ${orderId} was changed ${version} times, which is the most: place another order.`;
  return reject({ code: 'validation-failed', message });
}

/** A transition that has no rule but the status it starts from. */
function transition(
  statuses: readonly ExistingOrder['status'][],
  state: OrderState,
  command: OrderCommand,
  event: OrderEvent,
): OrderDecision {
  return from(statuses, state, command, () => accept(event));
}

const IN_ITEMS: ItemPath = (index, field) => `items.${index}.${field}`;
const AT_TOP: ItemPath = (_index, field) => field;

/** CreateOrder makes a draft, which holds nothing; PlaceOrder also submits it. */
function create(command: CreateOrder | PlaceOrder, state: OrderState, facts: OrderFacts): OrderDecision {
  const { orderId, customerId, currency, setsPrices } = command;
  if (state.status !== 'none') {
    return reject({ code: 'order-exists', message: `Order ${orderId} exists already: choose another orderId.` });
  }
  const { customer } = facts;
  if (customer === undefined) {
    return reject({ code: 'customer-not-found', message: `There is no customer ${customerId}: register it first.` });
  }
  const priced = priceItems(command.items, facts, { setsPrices, firstLine: 1, path: IN_ITEMS });
  if (priced.outcome === 'rejected') return priced;
  const { items } = priced;
  const created = { customerId, currency, items, total: totalOf(items) };
  const mismatch = checkCustomerCurrency(currency, customer) ?? checkItemCurrency(currency, items, facts, IN_ITEMS);
  if (mismatch !== undefined) return reject(mismatch);
  if (command.type === 'CreateOrder') {
    return accept({ eventType: 'OrderCreated', data: { ...created, shippingAddress: command.shippingAddress } });
  }
  const rejection = checkStock(items, facts) ?? checkCredit(created.total, customer);
  if (rejection !== undefined) return reject(rejection);
  const { shippingAddress, placedAt } = command;
  return accept({ eventType: 'OrderPlaced', data: { ...created, shippingAddress, placedAt } });
}

function addItem({ item, setsPrices, orderId }: AddItem, draft: DraftOrder, facts: OrderFacts): OrderDecision {
  if (draft.items.length >= MAX_LINES) {
    const message = `Order ${orderId} has ${MAX_LINES} lines, which is the most: place a second order.`;
    return reject({ code: 'validation-failed', message, errors: [{ path: 'productId', message }] });
  }
  const firstLine = (draft.items.at(-1)?.line ?? 0) + 1;
  const priced = priceItems([item], facts, { setsPrices, firstLine, path: AT_TOP });
  if (priced.outcome === 'rejected') return priced;
  const mismatch = checkItemCurrency(draft.currency, priced.items, facts, AT_TOP);
  if (mismatch !== undefined) return reject(mismatch);
  const [line] = priced.items;
  if (line === undefined) throw new Error('One requested item was priced to none.');
  return accept({ eventType: 'ItemAdded', data: line });
}

function removeItem({ orderId, productId }: RemoveItem, { items }: DraftOrder): OrderDecision {
  if (items.some((item) => item.productId === productId)) {
    return accept({ eventType: 'ItemRemoved', data: { productId } });
  }
  return reject({ code: 'product-not-found', message: `Order ${orderId} has no line with product ${productId}.` });
}

/** From here on the order holds stock and credit, at the prices that its lines were added with. */
function submit({ orderId, placedAt, setsPrices }: SubmitOrder, draft: DraftOrder, facts: OrderFacts): OrderDecision {
  const { items, total, shippingAddress } = draft;
  if (items.length === 0) {
    return reject({ code: 'empty-order', message: `Order ${orderId} has no lines: add an item first.` });
  }
  if (shippingAddress === null) {
    const message = `Order ${orderId} has no shipping address: set it first.`;
    return reject({ code: 'validation-failed', message, errors: [{ path: 'shippingAddress', message }] });
  }
  if (facts.customer === undefined) throw new Error(`The customer of order ${orderId} is gone.`);
  const rejection =
    (setsPrices ? undefined : checkPrices(items, facts, IN_ITEMS)) ??
    checkStock(items, facts) ??
    checkCredit(total, facts.customer);
  if (rejection !== undefined) return reject(rejection);
  return accept({ eventType: 'OrderSubmitted', data: { placedAt } });
}
