/**
 * Answers queries: in one logical partition, in one physical partition that the client names, or over several of them, which the gateway
 * does one page of one partition after the other, or leaves to the client.
 */
import { z } from 'zod';
import { type Answer, header, problem } from './http-exchange.ts';
import type { PartitionKeyRange } from './physical-partitions.ts';
import { AS_MANY_AS_FIT, type QueryPage, runQuery } from './query.ts';
import type { QuerySource } from './query-candidates.ts';
import {
  gatewayPosition,
  planFor,
  type Query,
  type QueryExchange,
  type QueryPlace,
  querySchema,
  refused,
} from './query-place.ts';
import { unwrappedAggregate } from './query-plan.ts';
import { queryCharge } from './request-charge.ts';

const DEFAULT_PAGE = 100;

/** The plan of a query, which clients ask for alongside the first page of every query. */
export function answerQueryPlan({ body, documents }: Pick<QueryExchange, 'body' | 'documents'>): Answer {
  const parsed = querySchema.safeParse(body);
  if (!parsed.success) return problem(400, z.prettifyError(parsed.error));
  try {
    return { status: 200, requestCharge: 0, body: planFor(parsed.data, documents).plan };
  } catch (error) {
    return { ...refused(error), requestCharge: 0 };
  }
}

export function answerQuery(place: QueryPlace, exchange: QueryExchange): Answer {
  const { http, body, documents } = exchange;
  if (place.kind === 'answer') return place.answer;
  if (header(http, 'a-im') !== undefined) return problem(501, 'The change feed is not supported.');
  const parsed = querySchema.safeParse(http.method === 'GET' ? { query: 'SELECT * FROM c' } : body);
  if (!parsed.success) return problem(400, z.prettifyError(parsed.error));
  const continuation = header(http, 'x-ms-continuation');
  try {
    if (place.kind === 'ranges') return answerByGateway(place.ranges, parsed.data, exchange);
    const source = place.kind === 'key' ? documents.inPartition(place.key) : documents.inRange(place.range);
    return queryAnswer(run(source, { ...parsed.data, continuation }, exchange));
  } catch (error) {
    return refused(error);
  }
}

interface PageWanted extends Query {
  readonly continuation: string | undefined;
}

function run(
  source: QuerySource,
  { query, parameters, continuation }: PageWanted,
  { http, compositeIndexes }: QueryExchange,
): Pick<QueryPage, 'json' | 'continuation'> {
  const aggregate = unwrappedAggregate(query);
  const pageSize = Number(header(http, 'x-ms-max-item-count') ?? DEFAULT_PAGE);
  const page = runQuery(source, {
    query: aggregate ?? query,
    parameters,
    maxItemCount: pageSize > 0 ? pageSize : AS_MANY_AS_FIT,
    continuation,
    compositeIndexes,
  });
  return aggregate === undefined ? page : { ...page, json: page.json.map((item) => `[{"item":${item}}]`) };
}

/** One page of one physical partition. It may be empty although there are more. */
function answerByGateway(ranges: readonly PartitionKeyRange[], query: Query, exchange: QueryExchange): Answer {
  const position = gatewayPosition(ranges, header(exchange.http, 'x-ms-continuation'));
  if (position === undefined) return queryAnswer({ json: [], continuation: undefined });
  const { range, token, next } = position;
  const page = run(exchange.documents.inRange(range), { ...query, continuation: token }, exchange);
  const tokenAt = ({ minInclusive: min, maxExclusive: max }: PartitionKeyRange, inRange: string | null) =>
    JSON.stringify([{ token: inRange, range: { min, max } }]);
  if (page.continuation !== undefined) {
    return queryAnswer({ ...page, continuation: tokenAt(range, page.continuation) });
  }
  return queryAnswer({ ...page, continuation: next && tokenAt(next, null) });
}

function queryAnswer({ json, continuation }: Pick<QueryPage, 'json' | 'continuation'>): Answer {
  const documents = `[${json.join(',')}]`;
  return {
    status: 200,
    requestCharge: queryCharge(Buffer.byteLength(documents)),
    json: `{"Documents":${documents},"_count":${json.length}}`,
    headers: {
      'x-ms-item-count': String(json.length),
      ...(continuation === undefined ? {} : { 'x-ms-continuation': continuation }),
    },
  };
}
