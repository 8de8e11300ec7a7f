/** Replaces a text that would identify an erased customer. */
export const ERASED = '[erased]';

/** Replaces the address of an erased customer. */
export const ERASED_ADDRESS: {
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
} = { street: ERASED, city: ERASED, state: ERASED, zip: ERASED };
