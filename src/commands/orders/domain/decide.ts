import type { OrderEvent } from '../../../shared/events/order-events.ts';
import { accept, type Decider, type Decision, type Rejected, reject, rejectErased } from '../../domain/decider.ts';
import type { CreateOrder, OrderCommand, PlaceOrder, SubmitOrder } from './commands.ts';
import { addItem, changeQuantity, removeItem, removeLine } from './edit-draft.ts';
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
  checkDiscontinued,
  checkItemCurrency,
  checkOpenDrafts,
  checkPrices,
  checkStock,
  checkTotal,
  type ItemPath,
  MAX_CHANGES,
  type OrderFacts,
  priceItems,
} from './rules.ts';

type OrderDecision = Decision<OrderEvent>;

/** Decides a command against the state of an order and the facts about its customer and products. */
export function decideOrder(command: OrderCommand, state: OrderState, facts: OrderFacts): OrderDecision {
  const decision = decide(command, state, facts);
  const needsCustomer = decision.outcome === 'accepted' && NOT_FOR_ERASED.has(decision.event.eventType);
  return needsCustomer && facts.customer?.erased === true ? rejectErased(facts.customer.customerId) : decision;
}

export const orderDecider: Decider<OrderCommand, OrderState, OrderFacts, OrderEvent, ExistingOrder> = {
  initialState: initialOrder,
  decide: decideOrder,
  evolve: evolveOrder,
};

/** Events that are not allowed for an erased customer. Orders already submitted continue to completion. */
const NOT_FOR_ERASED: ReadonlySet<OrderEvent['eventType']> = new Set([
  'OrderCreated',
  'OrderPlaced',
  'ItemAdded',
  'ItemRemoved',
  'QuantityChanged',
  'LineRemoved',
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
    case 'ChangeQuantity':
      return (
        tooManyChanges(command, facts) ??
        from(['draft'], state, command, (draft) => changeQuantity(command, draft, facts))
      );
    case 'RemoveLine':
      return tooManyChanges(command, facts) ?? from(['draft'], state, command, (draft) => removeLine(command, draft));
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
    case 'ExpireOrder': {
      const data = { submittedAt: command.submittedAt, reason: 'not-confirmed-in-time' as const };
      return transition(['submitted'], state, command, { eventType: 'OrderExpired', data });
    }
    case 'RefundOrder': {
      const { reason } = command;
      const event = { eventType: 'OrderRefunded' as const, data: { reason } };
      return transition(['confirmed', 'shipped', 'delivered'], state, command, event);
    }
  }
}

/** Calls `decide` when the order is in one of the statuses. Otherwise rejects: no such order, or an invalid transition. */
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
  return reject({ code: 'invalid-transition', message, facts: { orderStatus: state.status } });
}

/** Limits the commands that can be repeated without end. Transitions to another status cannot repeat, so they need no limit. */
function tooManyChanges({ orderId }: OrderCommand, { version }: OrderFacts): Rejected | undefined {
  if (version < MAX_CHANGES) return undefined;
  const message = `Order ${orderId} has been changed ${version} times, which is the maximum: place another order.`;
  return reject({ code: 'validation-failed', message });
}

/** A transition whose only rule is the current status. */
function transition(
  statuses: readonly ExistingOrder['status'][],
  state: OrderState,
  command: OrderCommand,
  event: OrderEvent,
): OrderDecision {
  return from(statuses, state, command, () => accept(event));
}

const IN_ITEMS: ItemPath = (index, field) => `items.${index}.${field}`;

/** CreateOrder creates a draft, which reserves nothing. PlaceOrder also submits it. */
function create(command: CreateOrder | PlaceOrder, state: OrderState, facts: OrderFacts): OrderDecision {
  const { orderId, customerId, currency, setsPrices } = command;
  if (state.status !== 'none') {
    return reject({ code: 'order-exists', message: `Order ${orderId} already exists: choose another orderId.` });
  }
  const { customer } = facts;
  if (customer === undefined) {
    return reject({
      code: 'customer-not-found',
      message: `There is no customer ${customerId}: register the customer first.`,
    });
  }
  const priced = priceItems(command.items, facts, { setsPrices, firstLine: 1, path: IN_ITEMS });
  if (priced.outcome === 'rejected') return priced;
  const { items } = priced;
  const created = { customerId, currency, items, total: totalOf(items) };
  const invalid =
    checkCustomerCurrency(currency, customer) ??
    checkItemCurrency(currency, items, facts, IN_ITEMS) ??
    checkTotal(created.total, currency, 'items');
  if (invalid !== undefined) return reject(invalid);
  if (command.type === 'CreateOrder') {
    const tooMany = checkOpenDrafts(command.maxOpenDrafts, facts);
    if (tooMany !== undefined) return reject(tooMany);
    return accept({ eventType: 'OrderCreated', data: { ...created, shippingAddress: command.shippingAddress } });
  }
  const rejection = checkStock(items, facts) ?? checkCredit(created.total, customer);
  if (rejection !== undefined) return reject(rejection);
  const { shippingAddress, placedAt } = command;
  return accept({ eventType: 'OrderPlaced', data: { ...created, shippingAddress, placedAt } });
}

/** A submitted order reserves stock and credit, at the prices its lines were added with. */
function submit({ orderId, placedAt, setsPrices }: SubmitOrder, draft: DraftOrder, facts: OrderFacts): OrderDecision {
  const { items, total, shippingAddress } = draft;
  if (items.length === 0) {
    return reject({ code: 'empty-order', message: `Order ${orderId} has no lines: add an item first.` });
  }
  if (shippingAddress === null) {
    const message = `Order ${orderId} has no shipping address: set it first.`;
    return reject({ code: 'validation-failed', message, errors: [{ path: 'shippingAddress', message }] });
  }
  if (facts.customer === undefined) throw new Error(`The customer of order ${orderId} does not exist.`);
  const rejection =
    checkDiscontinued(items, facts, IN_ITEMS) ??
    (setsPrices ? undefined : checkPrices(items, facts, IN_ITEMS)) ??
    checkStock(items, facts) ??
    checkCredit(total, facts.customer);
  if (rejection !== undefined) return reject(rejection);
  return accept({ eventType: 'OrderSubmitted', data: { placedAt } });
}
