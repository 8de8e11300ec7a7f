import type { Address } from '../events/order-events.ts';

/** Stands wherever a text was that told who an erased customer is. */
export const ERASED = '[erased]';

/** Stands for an address of an erased customer. */
export const ERASED_ADDRESS: Address = { street: ERASED, city: ERASED, state: ERASED, zip: ERASED };
