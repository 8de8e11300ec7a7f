import type { MinorUnits } from '../../src/shared/money.ts';

/** A command that failed, or an order that reads back different. */
export interface Failure {
  /** `order 536365` */
  readonly what: string;
  /** The problem code. */
  readonly code: string;
  readonly detail: string;
}

/** How many this run created, and how many already existed. */
export interface Count {
  created: number;
  existing: number;
}

/** The counts of an import, updated while it runs. */
export interface Tally {
  readonly customers: Count;
  readonly products: Count;
  readonly orders: Count;
  /** Lines of the orders that were placed or already existed. */
  lines: number;
  revenue: MinorUnits;
  /** Orders that read back equal to the file. */
  equal: number;
  readonly failures: Failure[];
  /** In milliseconds, for the orders placed by this run. */
  readonly commandLatencies: number[];
  /** Milliseconds from an order's event to its document, for the orders placed by this run. */
  readonly syncLags: number[];
  /** Total time for placing the orders, in milliseconds. */
  placingMs: number;
}

export function createTally(): Tally {
  return {
    customers: { created: 0, existing: 0 },
    products: { created: 0, existing: 0 },
    orders: { created: 0, existing: 0 },
    lines: 0,
    revenue: 0,
    equal: 0,
    failures: [],
    commandLatencies: [],
    syncLags: [],
    placingMs: 0,
  };
}

/** Whether nothing was created, found or rejected yet. Customers come first, so counting them is enough. */
export function isEmpty({ customers, failures }: Tally): boolean {
  return customers.created + customers.existing + failures.length === 0;
}
