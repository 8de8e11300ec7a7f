/** Searches: https://learn.microsoft.com/rest/api/searchservice/documents/search-post */
import { z } from 'zod';
import { parseFilter } from './filter.ts';
import { parseQuery } from './query-syntax.ts';
import { badRequest, type RestAnswer } from './rest-answer.ts';
import type { Hit, SearchIndex, StoredDocument } from './search-index.ts';

const names = z
  .string()
  .nullish()
  .transform((list) =>
    (list ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  );

const request = z.strictObject({
  search: z.string().nullish(),
  queryType: z.enum(['simple', 'full']).default('simple'),
  searchMode: z.enum(['any', 'all']).default('any'),
  searchFields: names,
  filter: z.string().nullish(),
  orderby: names,
  select: names,
  count: z.boolean().default(false),
  // 50 without it, and 1,000 at most.
  top: z.int().min(0).max(1_000),
  skip: z.int().min(0).max(100_000).default(0),
});

/** Answers a search. Throws Refusal for what is wrong or not supported here. */
export function searchDocuments(index: SearchIndex, body: unknown): RestAnswer {
  const { search, searchFields, filter, orderby, select, count, top, skip, ...syntax } = parse(request, body);
  const query = parseQuery(search ?? '', syntax);
  const matches = filter ? parseFilter(filter, index.definition.fields) : () => true;
  const found = index
    .search(query, searchFields.length > 0 ? searchFields : undefined)
    .filter(({ document }) => matches(document));
  const ordered = orderby.length === 0 ? found : found.toSorted(comparison(index, orderby));
  const shown = ordered.slice(skip, skip + top);
  return {
    status: 200,
    body: {
      ...(count && { '@odata.count': found.length }),
      value: shown.map(({ document, score }) => ({ '@search.score': score, ...selected(index, document, select) })),
    },
  };
}

/** Parses a request. A member that is not known here is refused, and not ignored. */
export function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badRequest(`The request is invalid, or not supported here: ${issue?.path.join('.')}: ${issue?.message}`);
}

function comparison({ definition }: SearchIndex, orders: readonly string[]): (one: Hit, other: Hit) => number {
  const parsed = orders.map((order) => {
    const [name = '', direction = 'asc', ...more] = order.split(/\s+/);
    const field = definition.fields.find((one) => one.name === name);
    if (!field?.sortable || more.length > 0 || !/^(asc|desc)$/.test(direction)) {
      throw badRequest(`'${order}' is not the order of a sortable field.`);
    }
    return { name, sign: direction === 'asc' ? 1 : -1 };
  });
  return (one, other) => {
    for (const { name, sign } of parsed) {
      const order = sign * compare(one.document[name], other.document[name]);
      if (order !== 0) return order;
    }
    return other.score - one.score;
  };
}

/** The order of two values: texts by the bytes of UTF-8, and an empty one before all others. */
function compare(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one === 'string' && typeof other === 'string') return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return Number(one !== null) - Number(other !== null);
}

function selected({ definition }: SearchIndex, document: StoredDocument, select: readonly string[]): StoredDocument {
  const retrievable = new Set(definition.fields.filter((field) => field.retrievable).map(({ name }) => name));
  const wanted = select.length === 0 || select.includes('*') ? [...retrievable] : select;
  const missing = wanted.find((name) => !retrievable.has(name));
  if (missing !== undefined)
    throw badRequest(`Could not find a property named '${missing}', or it is not retrievable.`);
  return Object.fromEntries(wanted.map((name) => [name, document[name]]));
}
