/** Where a query must look: which logical or physical partition has its documents. */
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { ContainerDocuments } from './container-documents.ts';
import { type Answer, header, problem } from './http-exchange.ts';
import { canonicalKey } from './partition-key-hash.ts';
import type { PartitionKeyRange } from './physical-partitions.ts';
import { type QueryRequest, syntaxOf } from './query.ts';
import { isServedByGateway, planOf, type QueryPlan } from './query-plan.ts';
import { type QueryTargets, targetsOf } from './query-targets.ts';
import { isJsonObject } from './stored-document.ts';

/** A query as it arrived. */
export interface QueryExchange {
  readonly http: IncomingMessage;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
  readonly documents: ContainerDocuments;
  readonly compositeIndexes: QueryRequest['compositeIndexes'];
}

export const PARTITION_KEY_HEADER = 'x-ms-documentdb-partitionkey';
export const RANGE_ID_HEADER = 'x-ms-documentdb-partitionkeyrangeid';
/** https://learn.microsoft.com/rest/api/cosmos-db/http-status-codes-for-cosmosdb: the client must ask for the ranges again. */
const PARTITION_KEY_RANGE_GONE = '1002';
/** The client must run the query by its plan. */
const NOT_SERVABLE = '1004';

export const querySchema = z.object({
  query: z.string(),
  parameters: z.array(z.object({ name: z.string(), value: z.unknown() })).default([]),
});
export type Query = z.infer<typeof querySchema>;

/** Where the documents of a query are. */
export type QueryPlace =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'range'; readonly range: PartitionKeyRange }
  /** The gateway reads the ranges one after the other. */
  | { readonly kind: 'ranges'; readonly ranges: readonly PartitionKeyRange[] }
  | { readonly kind: 'answer'; readonly answer: Answer };

/** Determines which partitions have the documents of a query, without reading them. */
export function placeOf({ http, body, documents }: Omit<QueryExchange, 'compositeIndexes'>): QueryPlace {
  const { partitions } = documents;
  const key = header(http, PARTITION_KEY_HEADER);
  if (key !== undefined) return { kind: 'key', key: canonicalKey(key) };
  const rangeId = header(http, RANGE_ID_HEADER);
  if (rangeId !== undefined) {
    const range = partitions.withId(rangeId);
    return range === undefined ? { kind: 'answer', answer: rangeGone(rangeId) } : { kind: 'range', range };
  }
  const [only, ...others] = partitions.ranges;
  const parsed = querySchema.safeParse(body);
  if (only !== undefined && others.length === 0) return { kind: 'range', range: only };
  if (!parsed.success) return { kind: 'ranges', ranges: partitions.ranges };
  try {
    const { plan, targets } = planFor(parsed.data, documents);
    if (targets.onlyKey !== undefined) return { kind: 'key', key: targets.onlyKey };
    if (!isServedByGateway(plan)) return { kind: 'answer', answer: notServable(plan) };
    const ranges = partitions.ranges.filter((range) =>
      targets.ranges.some((wanted) => partitions.overlapping(wanted).includes(range)),
    );
    return { kind: 'ranges', ranges };
  } catch (error) {
    return { kind: 'answer', answer: refused(error) };
  }
}

/** The physical partition that a query reads. */
export function rangeRead(place: QueryPlace, { http, documents }: QueryExchange): PartitionKeyRange | undefined {
  switch (place.kind) {
    case 'key':
      return documents.rangeOf(place.key);
    case 'range':
      return place.range;
    case 'ranges':
      return gatewayPosition(place.ranges, header(http, 'x-ms-continuation'))?.range;
    default:
      return undefined;
  }
}

export function planFor({ query, parameters }: Query, { partitionKeyPaths }: ContainerDocuments) {
  const targets: QueryTargets = targetsOf({ ast: syntaxOf(query), parameters }, partitionKeyPaths);
  return { targets, plan: planOf(query, targets.document, targets) };
}

const tokenSchema = z.tuple([z.object({ token: z.string().nullable(), range: z.object({ min: z.string() }) })]);

export interface GatewayPosition {
  readonly range: PartitionKeyRange;
  readonly token: string | undefined;
  readonly next: PartitionKeyRange | undefined;
}

/** A token of the gateway names the range to read next, and the place in it. */
export function gatewayPosition(
  ranges: readonly PartitionKeyRange[],
  continuation: string | undefined,
): GatewayPosition | undefined {
  const [{ token, range }] =
    continuation === undefined
      ? [{ token: null, range: { min: ranges[0]?.minInclusive ?? '' } }]
      : tokenSchema.parse(JSON.parse(continuation));
  const index = ranges.findIndex(({ minInclusive }) => minInclusive === range.min);
  const found = ranges[index];
  return found && { range: found, token: token ?? undefined, next: ranges[index + 1] };
}

export const refused = (error: unknown): Answer =>
  problem(400, `The query cannot be run: ${error instanceof Error ? error.message : String(error)}`);

export const rangeGone = (id: string): Answer => ({
  ...problem(410, `There is no partition key range ${id}.`, { 'x-ms-substatus': PARTITION_KEY_RANGE_GONE }),
  requestCharge: 0,
});

/** No partition has run anything, so it costs nothing. */
function notServable(plan: QueryPlan): Answer {
  const message = 'The cross partition query cannot be served by the gateway: run it by its plan.';
  const { body, ...answer } = problem(400, message, { 'x-ms-substatus': NOT_SERVABLE });
  const error = isJsonObject(body) ? body : {};
  return { ...answer, requestCharge: 0, body: { ...error, additionalErrorInfo: JSON.stringify(plan) } };
}
