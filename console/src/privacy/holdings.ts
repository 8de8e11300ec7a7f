/** A record of an export: of a table, or a document of a read model. */
export interface ExportedRecord {
  readonly store: string;
  readonly record: Readonly<Record<string, unknown>>;
}

/** What a store holds about a customer. */
export interface Holding {
  readonly store: string;
  readonly records: readonly ExportedRecord['record'][];
  /** Number of values that identify the customer, or that they or somebody about them chose. */
  readonly personal: number;
  /** Number of values that an erasure has replaced. */
  readonly erased: number;
}

/** Everything that the system holds about a customer at one moment. */
export interface Held {
  readonly records: readonly ExportedRecord[];
  /** Milliseconds since 1970. */
  readonly readAt: number;
  readonly holdings: readonly Holding[];
  /** When the data keys were destroyed (ISO 8601); undefined while they exist. */
  readonly erasedAt: string | undefined;
  /** Another admin has to confirm the erasure. */
  readonly isRequested: boolean;
  /** Undefined when it is erased. */
  readonly name: string | undefined;
}

const ERASED = '[erased]';

/** The names of the fields with personal data, in every table, event and document of the export. */
const PERSONAL_FIELDS: ReadonlySet<string> = new Set([
  ...['name', 'customerName', 'email', 'customerEmail', 'phone', 'customerPhone'],
  ...['street', 'city', 'state', 'zip', 'country', 'region'],
  ...['shippingStreet', 'shippingCity', 'shippingState', 'shippingZip', 'shippingCountry'],
  ...['carrier', 'trackingNumber'],
]);
/** Those that are personal only within another field: elsewhere, the names mean something else. */
const PERSONAL_WITHIN: Readonly<Record<string, string>> = {
  reason: 'data',
  source: 'metadata',
  correlationId: 'event',
};

/** What each store holds, in the order of the export. */
export function holdingsOf(records: readonly ExportedRecord[]): readonly Holding[] {
  const names = new Set(records.flatMap(({ record }) => valuesOf(record)).flatMap(({ value }) => wordsOf(value)));
  const byStore = Map.groupBy(records, ({ store }) => store);
  return [...byStore].map(([store, own]) => {
    const values = own.flatMap(({ record }) => valuesOf(record));
    const erased = values.filter(({ value }) => value === ERASED).length;
    const searchWords = own.reduce((sum, { record }) => sum + searchWordsOf(record, names), 0);
    return {
      store,
      records: own.map(({ record }) => record),
      personal: values.length - erased + searchWords,
      erased,
    };
  });
}

/** What a search finds of a customer, among everybody who matches it. Every hit is personal data: it ties the words to the customer. */
export async function foundOf(
  customerId: string,
  { store, found }: { readonly store: string; readonly found: AsyncIterable<ExportedRecord['record']> },
): Promise<Holding> {
  const records: ExportedRecord['record'][] = [];
  for await (const item of found) {
    if (item.customerId === customerId) records.push(item);
  }
  return { store, records, personal: records.length, erased: 0 };
}

/** The values of the personal fields of a record, also those that are erased. */
function valuesOf(value: unknown, within = ''): readonly { readonly value: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]: [string, unknown]) => {
    if (typeof field !== 'string') return valuesOf(field, Array.isArray(value) ? within : name);
    const isPersonal = PERSONAL_FIELDS.has(name) || PERSONAL_WITHIN[name] === within;
    return isPersonal && field !== '' ? [{ value: field }] : [];
  });
}

/** Words of names and addresses by which a document can be found, other than those of its order's lines. */
function searchWordsOf(
  { words = [], orderWords = [] }: Readonly<Record<string, unknown>>,
  names: ReadonlySet<string>,
): number {
  if (!Array.isArray(words) || !Array.isArray(orderWords)) return 0;
  return words.filter((word: unknown) => typeof word === 'string' && names.has(word) && !orderWords.includes(word))
    .length;
}

const wordsOf = (value: string): readonly string[] =>
  value === ERASED ? [] : (value.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);

/** When the data keys of the customer were destroyed (ISO 8601); undefined while they exist. */
export function keysErasedAt(records: readonly ExportedRecord[]): string | undefined {
  const [key] = records.filter(({ store }) => store === 'CustomerKeys');
  const erasedAt = key?.record.erasedAt;
  return typeof erasedAt === 'string' ? erasedAt : undefined;
}

/** A name to find the customer by; undefined when it is erased. */
export function nameIn(records: readonly ExportedRecord[]): string | undefined {
  const name = records.find(({ store }) => store === 'Customers')?.record.name;
  return typeof name === 'string' && name !== ERASED ? name : undefined;
}

/** The parts of the system, and the stores of each. The rest are read models. */
const PARTS: readonly { readonly part: string; readonly stores: readonly string[] }[] = [
  {
    part: 'Write model',
    stores: ['Customers', 'ErasureRequests', 'Orders', 'OrderItems', 'LastLines', 'UnconfirmedOrders', 'Commands'],
  },
  { part: 'Event log', stores: ['Events', 'CustomerKeys', 'RetiredCustomerKeys', 'RefusedEvents'] },
  { part: 'Dead letters', stores: ['dead_letters'] },
  { part: 'Search', stores: ['search_customers', 'search_orders'] },
];

export const partOf = (store: string): string =>
  PARTS.find(({ stores }) => stores.includes(store))?.part ?? 'Read models';
