/** Changes of documents: https://learn.microsoft.com/rest/api/searchservice/documents */
import { z } from 'zod';
import type { Field } from './definition.ts';
import { badRequest, type RestAnswer } from './rest-answer.ts';
import type { SearchIndex, StoredDocument } from './search-index.ts';

const MAX_ACTIONS = 1_000;

const batch = z.object({
  value: z
    .array(
      z.looseObject({
        '@search.action': z.enum(['upload', 'merge', 'mergeOrUpload', 'delete']).default('upload'),
      }),
    )
    .min(1)
    .max(MAX_ACTIONS),
});
type Action = z.output<typeof batch>['value'][number];

/**
 * Carries out the actions of a request, in their order.
 * @param faultOf the status with which a document is refused on purpose
 */
export function indexDocuments(
  index: SearchIndex,
  body: unknown,
  faultOf: (position: number) => number | undefined,
): RestAnswer {
  const parsed = batch.safeParse(body);
  if (!parsed.success) throw badRequest('The request is invalid: it needs 1 to 1,000 documents with known actions.');
  // All are checked before the first is carried out: one that cannot be read refuses the request.
  const actions = parsed.data.value.map((action) => ({ action, key: keyOf(index, action) }));
  const value = actions.map(({ action, key }, position) => {
    const statusCode = faultOf(position) ?? carryOut(index, key, action);
    const status = statusCode < 300;
    const errorMessage = status ? null : `The document was not changed (${statusCode}).`;
    return { key, status, errorMessage, statusCode };
  });
  return { status: value.every(({ status }) => status) ? 200 : 207, body: { value } };
}

function keyOf({ keyField, definition }: SearchIndex, action: Action): string {
  const { '@search.action': _, ...document } = action;
  const fields = new Map(definition.fields.map((field) => [field.name, field]));
  for (const [name, value] of Object.entries(document)) {
    const field = fields.get(name);
    if (field === undefined) throw badRequest(`The property '${name}' does not exist on type 'search.documentFields'.`);
    if (!isOfType(field, value)) throw badRequest(`The value of '${name}' is not of type ${field.type}.`);
  }
  const key = document[keyField];
  if (typeof key === 'string' && /^[\w\-=]{1,1024}$/.test(key)) return key;
  throw badRequest(
    `Invalid document key: '${key}'. Keys can only contain letters, digits, underscore, dash, or equal sign.`,
  );
}

function isOfType({ type }: Field, value: unknown): boolean {
  if (type === 'Collection(Edm.String)') return Array.isArray(value) && value.every((one) => typeof one === 'string');
  if (value === null) return true;
  switch (type) {
    case 'Edm.String':
      return typeof value === 'string';
    case 'Edm.Boolean':
      return typeof value === 'boolean';
    case 'Edm.Double':
      return typeof value === 'number';
    default:
      return Number.isInteger(value);
  }
}

/** @returns the status of the document */
function carryOut(index: SearchIndex, key: string, { '@search.action': action, ...document }: Action): number {
  const before = index.get(key);
  switch (action) {
    case 'delete':
      index.delete(key);
      return 200;
    case 'merge':
      if (before === undefined) return 404;
      index.put(key, { ...before, ...document });
      return 200;
    case 'mergeOrUpload':
      index.put(key, { ...before, ...document });
      break;
    case 'upload':
      index.put(key, whole(index, document));
      break;
  }
  return before === undefined ? 201 : 200;
}

/** A document with all fields: those that an upload lacks are empty. */
const whole = ({ definition }: SearchIndex, document: StoredDocument): StoredDocument => ({
  ...Object.fromEntries(definition.fields.map(({ name, type }) => [name, type.startsWith('Collection') ? [] : null])),
  ...document,
});
