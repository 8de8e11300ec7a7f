/** Replaces text that would identify an erased customer. */
export const ERASED = '[erased]';

/** Replaces what identifies the shipment of an erased customer. */
export const ERASED_SHIPMENT: { readonly carrier: string; readonly trackingNumber: string } = {
  carrier: ERASED,
  trackingNumber: ERASED,
};

/** Replaces the address of an erased customer. */
export const ERASED_ADDRESS: {
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
} = { street: ERASED, city: ERASED, state: ERASED, zip: ERASED };
