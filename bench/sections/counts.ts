import { countCommand } from '../command-counts.ts';
import type { Effort } from '../measuring/rounds.ts';
import { costsOfLife, countProjections } from '../projection-counts.ts';
import { countQueries } from '../query-counts.ts';
import { countReplay } from '../replay-counts.ts';
import { counted, type Figure } from '../report/figure.ts';
import { countSearches } from '../search-counts.ts';
import { countWait } from '../wait-counts.ts';

const LINES = [1, 5, 25, 500];
const BATCH = 100;
const WAITS_MS = [5_000, 30_000];
const SEARCHED_ORDERS = [1_000, 10_000];

/** Counts what commands cost: round trips to SQL, and the sizes of events. */
export async function commandCounts(): Promise<readonly Figure[]> {
  const counts = await sequentially(LINES, countCommand);
  const roundTrips = (what: string, of: readonly number[]) =>
    counted(`${what} of 1 to 500 lines`, Math.max(...of), 'round trips to SQL', { atMost: 2 });
  return [
    roundTrips(
      'placing an order',
      counts.map(({ placeRoundTrips }) => placeRoundTrips),
    ),
    roundTrips(
      'confirming an order',
      counts.map(({ confirmRoundTrips }) => confirmRoundTrips),
    ),
    ...counts.map(({ lines, placedBytes }) =>
      counted(`OrderPlaced of ${lines} line${lines === 1 ? '' : 's'}`, placedBytes, 'bytes'),
    ),
  ];
}

/** Counts what a batch of events and the life of an order cost in each read model. */
export async function projectionCounts(): Promise<readonly Figure[]> {
  const single = await countProjections(1);
  const remembered = costsOfLife(single);
  const forgotten = costsOfLife(await countProjections(1, { maxRemembered: 0 }));
  const batches = (await countProjections(BATCH)).filter(({ event }) => event === 'placed' || event === 'shipped');
  return [
    ...batches.map(({ readModel, event, requests, requestUnits }) =>
      counted(
        `${BATCH} ${event} orders in one batch into ${readModel}`,
        requestUnits / BATCH,
        `RU per order, ${inAll(requests)}`,
      ),
    ),
    ...[...remembered].flatMap(([readModel, requestUnits]) => [
      counted(`life of an order in ${readModel}, all events in one process`, requestUnits, 'RU'),
      counted(`life of an order in ${readModel}, each event in another process`, forgotten.get(readModel) ?? 0, 'RU'),
    ]),
  ];
}

/** Counts what each GET costs, and what a GET costs that waits for a version in vain. */
export async function queryCounts(): Promise<readonly Figure[]> {
  const queries = await countQueries();
  const waits = await sequentially(WAITS_MS, countWait);
  return [
    ...queries.map(({ query, requests, requestUnits }) => counted(`GET ${query}`, requestUnits, inRequests(requests))),
    ...waits.map(({ requests, requestUnits }, index) =>
      counted(`GET that waits ${(WAITS_MS[index] ?? 0) / 1_000} s for a version`, requestUnits, inRequests(requests)),
    ),
  ];
}

/** Counts what a batch of replayed events costs in each read model. */
export async function replayCounts(): Promise<readonly Figure[]> {
  const counts = await countReplay(BATCH);
  return counts.flatMap(({ readModel, upToDate, rebuilt }) =>
    [['up to date', upToDate] as const, ['to rebuild', rebuilt] as const].map(
      ([state, { requests, requestUnitsPerEvent }]) =>
        counted(
          `replay of ${BATCH} events into ${readModel}, documents ${state}`,
          requestUnitsPerEvent,
          `RU per event, ${inAll(requests)}`,
        ),
    ),
  );
}

/** Counts what a search costs with more and more orders, in Cosmos DB and in Azure AI Search. */
export async function searchCounts({ quick }: Effort): Promise<readonly Figure[]> {
  const counts = await sequentially(quick ? SEARCHED_ORDERS.slice(0, 1) : SEARCHED_ORDERS, countSearches);
  return counts.flat().map(({ orders, query, service, requests, requestUnits }) => {
    const what = `GET /orders?${query} among ${orders.toLocaleString('en-US')} orders`;
    return service === 'cosmos-db'
      ? counted(`${what}, Cosmos DB`, requestUnits, inRequests(requests))
      : counted(`${what}, Azure AI Search`, requests, 'requests');
  });
}

const inAll = (requests: number): string => `${requests} request${requests === 1 ? '' : 's'} in all`;
const inRequests = (requests: number): string => `RU, ${requests} request${requests === 1 ? '' : 's'}`;

async function sequentially<Input, Result>(inputs: readonly Input[], work: (input: Input) => Promise<Result>) {
  const results: Result[] = [];
  for (const input of inputs) results.push(await work(input));
  return results;
}
