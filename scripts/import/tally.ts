import type { MinorUnits } from '../../src/shared/money.ts';

/** What could not be done, or came back different. */
export interface Failure {
  /** `order 536365` */
  readonly what: string;
  /** The problem's code. */
  readonly code: string;
  readonly detail: string;
}

/** How many of one kind were made by this run, and how many were there already. */
export interface Count {
  made: number;
  known: number;
}

/** The run's counts, which grow as it goes on. */
export interface Tally {
  readonly customers: Count;
  readonly products: Count;
  readonly orders: Count;
  /** Of the orders that were placed or there already. */
  lines: number;
  revenue: MinorUnits;
  /** Orders read back that equal the file. */
  equal: number;
  readonly failures: Failure[];
  /** Milliseconds, of the orders placed by this run. */
  readonly commandLatencies: number[];
  /** Milliseconds from an order's event to its document, of the orders placed by this run. */
  readonly syncLags: number[];
  /** How long the orders took to be placed, in milliseconds. */
  placingMs: number;
}

export function createTally(): Tally {
  return {
    customers: { made: 0, known: 0 },
    products: { made: 0, known: 0 },
    orders: { made: 0, known: 0 },
    lines: 0,
    revenue: 0,
    equal: 0,
    failures: [],
    commandLatencies: [],
    syncLags: [],
    placingMs: 0,
  };
}

/** Nothing was made, found or refused yet. */
export function isUntouched({ customers, failures }: Tally): boolean {
  return customers.made + customers.known + failures.length === 0;
}
