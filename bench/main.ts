/** Counts what a command, a projection and a query cost, and compares ways of doing the same: `npm run bench`. */
import { parseArgs } from 'node:util';

const HELP = `Counts and compares, on this machine's stand-ins for Azure.

  npm run bench

First what is the same on every machine: round trips to SQL and bytes per event by the lines of an order; requests to
Cosmos DB and request units (estimated) by the events of a batch, and per GET. Then ratios of two ways that take turns in
one run, and how fast a replay is. Takes about a minute.`;

const LINES = [1, 5, 25, 500];
const BATCHES = [1, 10, 100];
const REPLAYED = 100;

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
if (values.help) console.log(HELP);
else await run();

async function run(): Promise<void> {
  // Outside a Functions host, the library warns of each function that it does not register.
  console.warn = () => {};
  const { countCommand } = await import('./command-counts.ts');
  const { countProjections } = await import('./projection-counts.ts');
  const { countQueries } = await import('./query-counts.ts');
  const { countReplay } = await import('./replay-counts.ts');
  const { measureReplay } = await import('./replay-rates.ts');
  const { compareCommands, compareProjections } = await import('./ratios.ts');

  show('An order by its lines: round trips to SQL, and bytes of its events', await inTurn(LINES, countCommand));
  const projections = await inTurn(BATCHES, countProjections);
  show('A batch of events, by read model: requests to Cosmos DB', projections.flat());
  const replays = (await countReplay(REPLAYED)).map(({ readModel, events, upToDate, rebuilt }) => ({
    readModel,
    events,
    'requests, up to date': upToDate.requests,
    'RU/event, up to date': upToDate.requestUnitsPerEvent,
    'requests, rebuilt': rebuilt.requests,
    'RU/event, rebuilt': rebuilt.requestUnitsPerEvent,
  }));
  show('A batch of replayed events, by read model: requests to Cosmos DB', replays);
  show('A query: requests to Cosmos DB', await countQueries());
  show('Together or one by one (medians; only the ratio says something)', [
    await compareCommands(),
    await compareProjections(),
  ]);
  show('A replay of all read models', [await measureReplay()]);
}

async function inTurn<Input, Result>(inputs: readonly Input[], work: (input: Input) => Promise<Result>) {
  const results: Result[] = [];
  for (const input of inputs) results.push(await work(input));
  return results;
}

function show(title: string, rows: readonly object[]): void {
  console.log(`\n${title}`);
  console.table(rows);
}
