import type { components } from 'cqrs-orders-client';

/** An order as its customer and admins see it. */
export type FullOrder = components['schemas']['Order'];
/** An order as the warehouse sees it. */
export type ShippingOrder = components['schemas']['ShippingOrder'];
export type AnyOrder = FullOrder | ShippingOrder;

export const isFull = (order: AnyOrder): order is FullOrder => 'total' in order;

/** A field whose value differs between two documents. */
export interface Difference {
  /** Such as `items.0.quantity`. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** The fields that differ between two JSON values, in the order of the first. */
export function differencesBetween(before: unknown, after: unknown, path = ''): readonly Difference[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) =>
      differencesBetween(before[name], after[name], path === '' ? name : `${path}.${name}`),
    );
  }
  return before === after ? [] : [{ path, before: toText(before), after: toText(after) }];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const toText = (value: unknown): string => {
  if (value === undefined || value === null) return '–';
  return isObject(value) ? JSON.stringify(value) : String(value);
};
