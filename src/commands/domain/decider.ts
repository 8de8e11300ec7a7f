/**
 * The decider of an aggregate: a pure function from a command to an event, and one from events to the state. Time and ids come
 * with the command.
 * @template State every state, the initial one included
 * @template Existing the states after the first event
 */
export interface Decider<Command, State, Facts, Event, Existing extends State = State> {
  /** Before the first event. */
  readonly initialState: State;
  /** Decides a command on a state, given what the rules need to know besides. */
  readonly decide: (command: Command, state: State, facts: Facts) => Decision<Event>;
  /** The state after an event. Throws when the event cannot follow the state, which only a corrupt log can cause. */
  readonly evolve: (state: State, event: Event) => Existing;
}

/** The result of a decision: an accepted command is one event. */
export type Decision<Event> = { readonly outcome: 'accepted'; readonly event: Event } | Rejected;

export interface Rejected {
  readonly outcome: 'rejected';
  readonly rejection: Rejection;
}

/** Why a command is refused. A value, not an exception: the caller decides what to do with it. */
export interface Rejection {
  /** Stable and public. */
  readonly code: RejectionCode;
  /** A sentence for people: what is wrong, the limit, and the way out. */
  readonly message: string;
  /** The fields at fault, as paths into the command's data. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
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
  | 'insufficient-stock'
  | 'credit-limit-exceeded'
  | 'empty-order';

export function accept<Event>(event: Event): Decision<Event> {
  return { outcome: 'accepted', event };
}

export function reject(rejection: Rejection): Rejected {
  return { outcome: 'rejected', rejection };
}

/** Refuses a command for a customer who was erased. */
export function rejectErased(customerId: string): Rejected {
  return reject({
    code: 'customer-not-found',
    message: `Customer ${customerId} was erased: nothing can be changed any more.`,
  });
}
