/** Measures the cost of commands, projections and queries, and compares alternatives: `npm run bench`. */
import { parseArgs } from 'node:util';

const HELP = `Measures costs and throughput against the local stand-ins for Azure. Takes about four minutes.

  npm run bench

First prints counts, which are the same on every machine: round trips to SQL and bytes per event, by order size; requests
to Cosmos DB and estimated request units, per batch of events, per GET, and per search by number of orders. Then prints throughput ratios of two
alternatives that alternate in one run, the latency of long requests to SQL Server with the driver's sockets and with ours,
the throughput of a replay, the throughput of the local system compared with the capacity model, the cost of a start with a complete data folder and with one that lacks something, and the CPU
time of the idle system.`;

const LINES = [1, 5, 25, 500];
const BATCHES = [1, 10, 100];
const REPLAYED = 100;
const STARTED_ORDERS = 5_000;
const SEARCHED_ORDERS = [1_000, 10_000];
const SQL_CHARACTERS = [1_000, 3_000, 20_000];

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
if (values.help) console.log(HELP);
else await run();

async function run(): Promise<void> {
  // Outside a Functions host, the library logs a warning for each function.
  console.warn = () => {};
  const { compareWithModel } = await import('./capacity-agreement.ts');
  const { countCommand } = await import('./command-counts.ts');
  const { costsOfLife, countProjections } = await import('./projection-counts.ts');
  const { countQueries } = await import('./query-counts.ts');
  const { countReplay } = await import('./replay-counts.ts');
  const { measureIdle } = await import('./idle.ts');
  const { measureReplay } = await import('./replay-rates.ts');
  const { compareCommands, compareProjections } = await import('./ratios.ts');
  const { countSearches } = await import('./search-counts.ts');
  const { measureSqlLatency } = await import('./sql-latency.ts');
  const { measureStart } = await import('./start.ts');

  show('Order by number of lines: round trips to SQL and bytes per event', await sequentially(LINES, countCommand));
  const projections = await sequentially(BATCHES, countProjections);
  show('Batch of events by read model: requests to Cosmos DB', projections.flat());
  const forgotten = costsOfLife(await countProjections(1, { maxRemembered: 0 }));
  const lives = [...costsOfLife(projections[0] ?? [])].map(([readModel, requestUnits]) => ({
    readModel,
    'RU, one process': Math.round(requestUnits * 10) / 10,
    'RU, a process for each event': Math.round((forgotten.get(readModel) ?? 0) * 10) / 10,
  }));
  show('Life of an order of five lines, each event in a batch of its own: request units', lives);
  const replays = (await countReplay(REPLAYED)).map(({ readModel, events, upToDate, rebuilt }) => ({
    readModel,
    events,
    'requests, up to date': upToDate.requests,
    'RU/event, up to date': upToDate.requestUnitsPerEvent,
    'requests, rebuilt': rebuilt.requests,
    'RU/event, rebuilt': rebuilt.requestUnitsPerEvent,
  }));
  show('Batch of replayed events by read model: requests to Cosmos DB', replays);
  show('Query: requests to Cosmos DB', await countQueries());
  show('Search by number of orders, in both services', (await sequentially(SEARCHED_ORDERS, countSearches)).flat());
  show('Together or one by one (medians; only the ratio is meaningful)', [
    await compareCommands(),
    await compareProjections(),
  ]);
  show('Request to a SQL server that answers immediately', await sequentially(SQL_CHARACTERS, measureSqlLatency));
  show('Replay of all read models', [await measureReplay()]);
  show('Capacity model and local system: CPU ms, and commands per second', [await compareWithModel()]);
  show('Start by what the data folder lacks (only the ratio is meaningful)', await measureStart(STARTED_ORDERS));
  show('Idle system: CPU seconds a minute', await measureIdle());
}

async function sequentially<Input, Result>(inputs: readonly Input[], work: (input: Input) => Promise<Result>) {
  const results: Result[] = [];
  for (const input of inputs) results.push(await work(input));
  return results;
}

function show(title: string, rows: readonly object[]): void {
  console.log(`\n${title}`);
  console.table(rows);
}
