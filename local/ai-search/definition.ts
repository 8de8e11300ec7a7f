/** Definitions of indexes: https://learn.microsoft.com/rest/api/searchservice/indexes/create */
import { z } from 'zod';
import { ANALYZERS, type Analyzer } from './analyzers.ts';
import { badRequest } from './rest-answer.ts';

const field = z.object({
  name: z.string().regex(/^[A-Za-z]\w{0,127}$/),
  type: z.enum(['Edm.String', 'Collection(Edm.String)', 'Edm.Int32', 'Edm.Int64', 'Edm.Double', 'Edm.Boolean']),
  key: z.boolean().default(false),
  retrievable: z.boolean().default(true),
  searchable: z.boolean().default(false),
  filterable: z.boolean().default(false),
  sortable: z.boolean().default(false),
  facetable: z.boolean().default(false),
  analyzer: z.string().nullish(),
});
export type Field = z.output<typeof field>;

const definition = z.object({
  name: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9]|-(?!-))*[a-z0-9]$/, 'is not a name of an index')
    .max(128),
  fields: z.array(field).min(1),
  suggesters: z
    .array(
      z.object({
        name: z.string(),
        searchMode: z.literal('analyzingInfixMatching'),
        sourceFields: z.array(z.string()),
      }),
    )
    .max(1)
    .nullish()
    .transform((suggesters) => suggesters ?? []),
});
export type Definition = z.output<typeof definition>;

/** Only these analyzers can be those of a suggester's fields, and of the language analyzers, which are not here. */
const FOR_SUGGESTERS: ReadonlySet<Analyzer> = new Set(['standard.lucene']);

/** Parses a definition. Throws Refusal for what the service refuses, and for what this stand-in does not support. */
export function parseDefinition(body: unknown): Definition {
  const parsed = definition.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw badRequest(`The index definition is invalid: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { fields, suggesters } = parsed.data;
  const keys = fields.filter(({ key }) => key);
  if (keys.length !== 1 || keys[0]?.type !== 'Edm.String')
    throw badRequest('There must be one key field, an Edm.String.');
  for (const one of fields) checkField(one);
  for (const source of suggesters.flatMap(({ sourceFields }) => sourceFields)) checkSource(source, fields);
  return parsed.data;
}

function checkField(checked: Field): void {
  const { name, type, searchable, sortable } = checked;
  if (searchable && !type.includes('Edm.String'))
    throw badRequest(`Field '${name}' of type ${type} is not searchable.`);
  if (sortable && type.startsWith('Collection')) throw badRequest(`Field '${name}' is a collection, not sortable.`);
  if (searchable) analyzerOf(checked);
}

function checkSource(source: string, fields: readonly Field[]): void {
  const found = fields.find(({ name }) => name === source);
  if (found?.searchable && FOR_SUGGESTERS.has(analyzerOf(found))) return;
  throw badRequest(
    `Field '${source}' of the suggester is not searchable, or its analyzer does not support suggesters.`,
  );
}

/** The analyzer of a searchable field. Throws Refusal for one that is not here. */
export function analyzerOf({ name, analyzer }: Field): Analyzer {
  const known = ANALYZERS.find((one) => one === (analyzer ?? 'standard.lucene'));
  if (known === undefined) throw badRequest(`The analyzer '${analyzer}' of field '${name}' is not supported here.`);
  return known;
}
