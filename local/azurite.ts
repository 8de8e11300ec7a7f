/**
 * Local Azure Storage: runs Azurite (blobs, queues, tables) as a child process, in memory or with a data folder.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { COMPILE_CACHE } from './compile-cache.ts';
import { DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from './storage/storage-account.ts';
import { tell } from './tell.ts';

export interface AzuriteOptions {
  /** Ports to listen on; 0 picks a free one. Defaults: 10000 (blobs), 10001 (queues), 10002 (tables). */
  readonly blobPort?: number;
  readonly queuePort?: number;
  readonly tablePort?: number;
  /** Folder for the data. Without one, all data is in memory and lost on close. */
  readonly location?: string;
  /** Names of the Storage accounts, which all have the well-known key. Default: the well-known account alone. */
  readonly accounts?: readonly string[];
}

export interface AzuriteServer {
  /** Of the first account. */
  readonly connectionString: string;
  readonly blobPort: number;
  readonly queuePort: number;
  readonly tablePort: number;
  /** Stops Azurite after it has written its data. Resolves when the process has exited. */
  close(): Promise<void>;
  /** Lets this process exit while Azurite runs. Azurite then stops, too. */
  unref(): void;
}

/** Azurite could not start. `code` is Node's error code, if any: `EADDRINUSE` when a port is in use. */
export class AzuriteStartError extends Error {
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.name = 'AzuriteStartError';
    this.code = code;
  }
}

const HOST = '127.0.0.1';
/** Longer than the pauses between a client's requests. With Azurite's default of 5 s, most requests need a new connection. */
const KEEP_ALIVE_SECONDS = 120;
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;

const PRELOAD = new URL('azurite-preload.ts', import.meta.url).href;

/** A process that has loaded Azurite, or is loading it, and has touched neither ports nor the folder. */
export interface LoadedAzurite {
  /**
   * Starts Azurite. Resolves when all three services listen.
   * @throws {AzuriteStartError} when a port is in use (code `EADDRINUSE`), the folder cannot be used, or startup takes over 30 s.
   */
  start(): Promise<AzuriteServer>;
  /** Ends the process, whether Azurite was started or not. */
  close(): Promise<void>;
}

/** Starts Azurite on the loopback interface: see {@link LoadedAzurite}. */
export const startAzurite = (options: AzuriteOptions = {}): Promise<AzuriteServer> => loadAzurite(options).start();

/** Loads Azurite in a process of its own. Loading takes longer than starting. */
export function loadAzurite(options: AzuriteOptions = {}): LoadedAzurite {
  const { accounts = [DEVELOPMENT_ACCOUNT] } = options;
  const { AZURITE_DB: _sql, ...inherited } = process.env; // so that Azurite keeps its data in files rather than in SQL
  const child = fork(createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js'), azuriteArguments(options), {
    execArgv: ['--import', PRELOAD],
    env: {
      ...COMPILE_CACHE,
      ...inherited,
      AZURITE_ACCOUNTS: accounts.map((name) => `${name}:${DEVELOPMENT_KEY}`).join(';'),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true, // Ctrl-C reaches the whole process group, and Azurite must outlive the processes that still write to it
  });
  const close = () => stop(child);
  const { listening, output } = watch(child);
  return {
    close,
    start: async () => {
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        late.reject(new AzuriteStartError(`Azurite did not start within ${START_TIMEOUT_MS / 1000} s: ${output()}`));
      }, START_TIMEOUT_MS);
      try {
        tell(child, 'start');
        const ports = await Promise.race([listening, late.promise]);
        return {
          ...ports,
          connectionString: storageConnection(ports, accounts[0]),
          close,
          unref: () => unref(child),
        };
      } catch (error) {
        child.kill('SIGKILL');
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function azuriteArguments({ blobPort = 10_000, queuePort = 10_001, tablePort = 10_002, location }: AzuriteOptions) {
  const listen = Object.entries({ blob: blobPort, queue: queuePort, table: tablePort }).flatMap(([service, port]) => [
    `--${service}Host`,
    HOST,
    `--${service}Port`,
    String(port),
  ]);
  const keep = location === undefined ? ['--inMemoryPersistence'] : ['--location', location];
  const keepAlive = ['--blobKeepAliveTimeout', String(KEEP_ALIVE_SECONDS)];
  return [...listen, ...keep, ...keepAlive, '--disableTelemetry', '--skipApiVersionCheck', '--loose', '--silent'];
}

type Ports = Pick<AzuriteServer, 'blobPort' | 'queuePort' | 'tablePort'>;

/** Reads what Azurite prints. `listening` rejects when Azurite ends before it listens. */
function watch(child: ChildProcess): { readonly listening: Promise<Ports>; output(): string } {
  const listening = Promise.withResolvers<Ports>();
  listening.promise.catch(() => undefined); // `start` throws the error
  let output = '';
  const read = (text: Buffer) => {
    output += text;
    const [blobPort, queuePort, tablePort] = ['Blob', 'Queue', 'Table'].map((service) => portOf(service, output));
    if (blobPort === undefined || queuePort === undefined || tablePort === undefined) return;
    listening.resolve({ blobPort, queuePort, tablePort });
  };
  child.stdout?.on('data', read);
  child.stderr?.on('data', read);
  child.once('close', () => listening.reject(startError(output)));
  return { listening: listening.promise, output: () => output };
}

function portOf(service: string, output: string): number | undefined {
  const port = new RegExp(`${service} service is successfully listening at http://[^:]+:(\\d+)`).exec(output)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** Codes of a disk that cannot be written. */
const DISK_FAULT = /ENOSPC|EDQUOT/;

function startError(output: string): AzuriteStartError {
  const [, code, port] = /listen (E\w+).*:(\d+)/.exec(output) ?? [];
  if (code === 'EADDRINUSE') {
    return new AzuriteStartError(`Azurite cannot start: port ${port} is in use by another program.`, code);
  }
  const reason = /unhandled error: (.*)/.exec(output)?.[1] ?? output.trim();
  return new AzuriteStartError(`Azurite cannot start: ${reason}`, code ?? DISK_FAULT.exec(output)?.[0]);
}

/** The connection string of one of the accounts of a running Azurite. */
export function storageConnection({ blobPort, queuePort, tablePort }: Ports, account = DEVELOPMENT_ACCOUNT): string {
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${account}`,
    `AccountKey=${DEVELOPMENT_KEY}`,
    `BlobEndpoint=http://${HOST}:${blobPort}/${account}`,
    `QueueEndpoint=http://${HOST}:${queuePort}/${account}`,
    `TableEndpoint=http://${HOST}:${tablePort}/${account};`,
  ].join(';');
}

function unref(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref();
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  if (child.connected) child.disconnect();
  await exited;
  clearTimeout(timer);
}
