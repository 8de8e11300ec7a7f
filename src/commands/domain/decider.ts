/** Why a command is refused: a value, since the caller decides what becomes of it. Its code is stable and public. */
export interface Rejection {
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

/** What a decision ends in: every accepted command is one event. */
export type Decision<Event> = { readonly outcome: 'accepted'; readonly event: Event } | Rejected;

export interface Rejected {
  readonly outcome: 'rejected';
  readonly rejection: Rejection;
}

export function accept<Event>(event: Event): Decision<Event> {
  return { outcome: 'accepted', event };
}

export function reject(rejection: Rejection): Rejected {
  return { outcome: 'rejected', rejection };
}

/** For an erased customer nothing begins or changes any more. */
export function rejectErased(customerId: string): Rejected {
  return reject({
    code: 'customer-not-found',
    message: `Customer ${customerId} was erased: nothing can be changed any more.`,
  });
}
