/** Shows or resets the checkpoints of the consumer groups: `npm run checkpoints`. */
import { readFileSync } from 'node:fs';
import type { ContainerClient } from '@azure/storage-blob';
import { z } from 'zod';
import type { Connection } from '../src/shared/config/connection.ts';
import { ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB } from '../src/shared/event-hubs/hub.ts';
import { checkpointContainer, lastOwnedAt, listCheckpoints } from '../src/sync/lag/checkpoints.ts';
import { openHubReader, readPositions } from '../src/sync/lag/hub-positions.ts';
import type { PartitionPosition } from '../src/sync/lag/partition-position.ts';
import { parseOptions } from './cli/read-options.ts';

const USAGE = `Shows where the consumer groups of the hubs resume, and resets their checkpoints after a hub was recreated.

  npm run checkpoints -- [options]

  --reset               delete the checkpoints of both hubs: every consumer group then starts at the first event in the hub. Stop the
                        sync app first, and start a replay afterwards (docs/operations.md, "Checkpoints of another hub")
  --event-hubs <text>   connection string, or host name of the namespace (default: the EventHubConnection or
                        EventHubConnection__fullyQualifiedNamespace environment variable, else the local system)
  --storage <text>      connection string, or blob address, of the sync app's storage account (default: the AzureWebJobsStorage or
                        AzureWebJobsStorage__blobServiceUri environment variable, else the local system)
  --help                show this help

Without a connection string, the command signs in as you (az login). You need the roles Azure Event Hubs Data Receiver, and Storage
Blob Data Reader (with --reset: Contributor). Exit code: 0 when every checkpoint belongs to its hub or was reset, 1 when one is of
another hub or something failed, 2 when the command line is invalid.`;

/** The command's streams, environment variables and clock (milliseconds since 1970). */
export interface CliContext {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  now(): number;
}

const HUBS = [ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB];
/** An app that has stopped releases its partitions, or their ownership expires within this time (ms; host.json). */
const OWNERSHIP_MS = 60_000;

/** Ends the command. The message is written for users. */
class Stopped extends Error {}

interface Connections {
  readonly eventHubs: Connection;
  readonly container: ContainerClient;
  readonly storage: Connection;
}

/** Runs the command. Returns the exit code. */
export async function main(args: readonly string[], context: CliContext): Promise<number> {
  try {
    const { values } = parseOptions({
      args: [...args],
      options: {
        reset: { type: 'boolean', default: false },
        'event-hubs': { type: 'string' },
        storage: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const print = (text: string) => context.stdout.write(`${text}\n`);
    if (values.help) {
      print(USAGE);
      return 0;
    }
    const connections = connectionsOf(values, context.env);
    return values.reset ? await reset(connections, context.now(), print) : await show(connections, print);
  } catch (error) {
    context.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof TypeError ? 2 : 1; // the command line is invalid
  }
}

/** Prints the state of each consumer group. Returns the exit code. */
async function show({ eventHubs, storage }: Connections, print: (text: string) => void): Promise<number> {
  let strays = 0;
  for (const hub of HUBS) {
    const reader = openHubReader(eventHubs, hub);
    const positions = await readPositions(reader, storage).finally(() => reader.close());
    for (const position of positions) print(`${hub}, ${textOf(position)}`);
    strays += positions.reduce((sum, { strayCheckpoints }) => sum + strayCheckpoints.size, 0);
  }
  if (strays === 0) return 0;
  print(
    `${strays} checkpoints are of another hub: those consumer groups make no progress, or skip events. Run this command with --reset.`,
  );
  return 1;
}

function textOf({ partition, checkpoints, strayCheckpoints }: PartitionPosition): string {
  const { partitionId, beginningSequenceNumber: first, lastEnqueuedSequenceNumber: last } = partition;
  return [
    `partition ${partitionId}: ${last < first ? 'no events' : `events ${first} to ${last}`}`,
    ...[...checkpoints].map(([group, number]) => `  ${group} has processed up to ${number}`),
    ...[...strayCheckpoints].map(([group, number]) => `  ${group} is at ${number} OF ANOTHER HUB`),
  ].join('\n');
}

async function reset(
  { eventHubs, container }: Connections,
  now: number,
  print: (text: string) => void,
): Promise<number> {
  const readers = HUBS.map((hub) => openHubReader(eventHubs, hub));
  const hubs = readers.map(({ fullyQualifiedNamespace, eventHubName }) => ({ fullyQualifiedNamespace, eventHubName }));
  await Promise.all(readers.map((reader) => reader.close()));
  for (const hub of hubs) {
    const ownedAt = await lastOwnedAt(container, hub);
    if (ownedAt !== undefined && now - ownedAt.getTime() < OWNERSHIP_MS) {
      throw new Stopped(
        'The sync app is running, and would write its checkpoints again. Stop it, wait a minute, and try again.',
      );
    }
  }
  for (const hub of hubs) {
    const checkpoints = await listCheckpoints(container, hub);
    await Promise.all(checkpoints.map(({ blobName }) => container.deleteBlob(blobName)));
    print(`Deleted ${checkpoints.length} checkpoints of ${hub.eventHubName}.`);
  }
  print(
    'Every consumer group starts at the first event in its hub. Start the sync app, then replay what the old hub had.',
  );
  return 0;
}

function connectionsOf(
  options: { readonly 'event-hubs'?: string | undefined; readonly storage?: string | undefined },
  env: CliContext['env'],
): Connections {
  const local = localSettings();
  const eventHubs = connectionOf(
    options['event-hubs'] ??
      env.EventHubConnection ??
      env.EventHubConnection__fullyQualifiedNamespace ??
      local.EventHubConnection,
  );
  const storage = connectionOf(
    options.storage ?? env.AzureWebJobsStorage ?? env.AzureWebJobsStorage__blobServiceUri ?? local.AzureWebJobsStorage,
  );
  return { eventHubs, storage, container: checkpointContainer(storage) };
}

/** A connection string has assignments; an address has none. */
const connectionOf = (text: string): Connection =>
  /=/.test(text)
    ? { kind: 'connectionString', connectionString: text }
    : { kind: 'identity', endpoint: text, clientId: undefined };

const settings = z.object({ Values: z.object({ EventHubConnection: z.string(), AzureWebJobsStorage: z.string() }) });
const localSettings = () => settings.parse(JSON.parse(readFileSync('local.settings.json', 'utf8'))).Values;

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), { ...process, now: Date.now });
