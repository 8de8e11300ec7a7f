/** What a system has to carry. */
export interface Workload {
  /** Orders that are placed per second. Each is later confirmed, shipped and delivered. */
  readonly ordersPerSecond: number;
  /** Lines of an order, each with a product of its own. */
  readonly lines: number;
  /** GET requests per accepted command. */
  readonly readsPerWrite: number;
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
  /** What to do beyond the range. */
  readonly otherwise: string;
}

const RANGES = {
  'orders-per-second': {
    from: 0.01,
    to: 100_000,
    whole: false,
    otherwise: 'For more, plan several systems, each for a part of the customers.',
  },
  lines: { from: 1, to: 500, whole: true, otherwise: 'An order has at most 500 lines (docs/limits.md).' },
  'reads-per-write': {
    from: 0,
    to: 1_000,
    whole: false,
    otherwise: 'For more, put a cache in front of the queries, and plan with the reads that miss it.',
  },
} as const satisfies Record<string, Range>;

/** The options of a workload, as the command line has them. */
export type WorkloadOptions = Readonly<Record<keyof typeof RANGES, string>>;

/**
 * Reads a workload from the command line.
 * @throws {TypeError} with a sentence that names the option, its limits and what to do
 */
export function readWorkload(options: WorkloadOptions): Workload {
  const read = (name: keyof typeof RANGES) => readNumber(name, options[name], RANGES[name]);
  return {
    ordersPerSecond: read('orders-per-second'),
    lines: read('lines'),
    readsPerWrite: read('reads-per-write'),
  };
}

function readNumber(name: string, text: string, { from, to, whole, otherwise }: Range): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= from && value <= to && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? 'a whole number' : 'a number';
  throw new TypeError(`--${name} must be ${kind} from ${from} to ${to}, not "${text}". ${otherwise}`);
}
