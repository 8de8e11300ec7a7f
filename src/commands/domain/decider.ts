import type { OrderStatus } from '../../shared/events/order-events.ts';

/**
 * The decider of an aggregate: a pure function that turns a command into an event, and one that folds events into the state. The
 * command carries times and ids.
 * @template State every state, including the initial one
 * @template Existing the states after the first event
 */
export interface Decider<Command, State, Facts, Event, Existing extends State = State> {
  /** The state before the first event. */
  readonly initialState: State;
  /** Decides a command against a state and the other facts that the rules need. */
  readonly decide: (command: Command, state: State, facts: Facts) => Decision<Event>;
  /** Returns the state after an event. Throws when the event cannot follow the state, which only a corrupt log can cause. */
  readonly evolve: (state: State, event: Event) => Existing;
}

/** The result of a decision. An accepted command produces one event. */
export type Decision<Event> = { readonly outcome: 'accepted'; readonly event: Event } | Rejected;

export interface Rejected {
  readonly outcome: 'rejected';
  readonly rejection: Rejection;
}

/** Why a command is rejected. A value, not an exception, so the caller decides how to respond. */
export interface Rejection {
  /** Stable and public. */
  readonly code: RejectionCode;
  /** A sentence for people: what is wrong, the limit, and how to fix it. */
  readonly message: string;
  /** The invalid fields, as paths into the command's data. */
  readonly errors?: readonly RejectedField[];
  readonly facts?: RejectionFacts;
}

/** An invalid field, with the facts about it. */
export interface RejectedField extends RejectionFacts {
  readonly path: string;
  readonly message: string;
}

/** Facts that help the client to correct its command, as the API shows them: amounts are decimal numbers, in `currency`. */
export interface RejectionFacts {
  readonly productId?: string;
  /** The catalogue price. */
  readonly price?: number;
  readonly currency?: string;
  /** Units. */
  readonly requested?: number;
  /** Units. */
  readonly available?: number;
  readonly creditAvailable?: number;
  readonly creditUsed?: number;
  readonly orderStatus?: OrderStatus;
}

export type RejectionCode =
  | 'validation-failed'
  | 'order-not-found'
  | 'customer-not-found'
  | 'product-not-found'
  | 'order-exists'
  | 'customer-exists'
  | 'product-exists'
  | 'invalid-transition'
  | 'currency-mismatch'
  | 'price-changed'
  | 'product-discontinued'
  | 'insufficient-stock'
  | 'credit-limit-exceeded'
  | 'too-many-drafts'
  | 'empty-order';

/**
 * Accepts a command. `NoInfer` takes the type from the expected decision, so that the compiler reports a wrong event where it is
 * written, in two lines instead of nine.
 */
export function accept<Event>(event: NoInfer<Event>): Decision<Event> {
  return { outcome: 'accepted', event };
}

export function reject(rejection: Rejection): Rejected {
  return { outcome: 'rejected', rejection };
}

/** Rejects a command for a customer who was erased. */
export function rejectErased(customerId: string): Rejected {
  return reject({
    code: 'customer-not-found',
    message: `Customer ${customerId} was erased and can no longer be changed.`,
  });
}
