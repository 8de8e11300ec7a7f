/** Event Hubs on this machine: hubs in memory, spoken to over plain AMQP 1.0 by the unmodified SDK. */
import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import rhea from 'rhea';
import { type Capture, type CaptureSettings, startCapture } from './capture.ts';
import { memoryStore } from './event-store.ts';
import { openFileStore } from './file-store.ts';
import { EventHub, type HubSettings, Hubs } from './hub.ts';
import { routeLinks } from './link-router.ts';
import { POLICY } from './policy.ts';
import { MAX_MESSAGE_SIZE } from './producer-link.ts';
import { settleMode } from './rhea-access.ts';
import { amendSessions } from './rhea-sessions.ts';
import { offerMechanisms } from './sasl.ts';
import type { StoredEvent } from './stored-event.ts';

export type { Capture, CaptureSettings, HubSettings, StoredEvent };

export interface EventHubsOptions {
  /** Port on 127.0.0.1; 0 picks a free one. Default 5672. */
  readonly port?: number;
  readonly hubs: readonly HubSettings[];
  /** Events each partition keeps; the oldest are dropped beyond it, as by retention. Default 100,000. */
  readonly maxEventsPerPartition?: number;
  /**
   * Sequence number of the first event in a new partition. The service begins at 0, as does a hub that is made again. Default: a number
   * from the clock.
   */
  readonly firstSequenceNumber?: number;
  /** SQLite file that keeps the events. Default: they are in memory only. */
  readonly file?: string;
}

/** The events that a partition keeps. */
export interface PartitionRange {
  readonly partitionId: string;
  /** Sequence number of the oldest event; of the next one when there is none. */
  readonly first: number;
  /** Sequence number of the newest event; less than `first` when there is none. */
  readonly last: number;
}

export interface EventHubsServer {
  readonly port: number;
  /** For the SDK's clients, without EntityPath. */
  readonly connectionString: string;
  /** Resets every open socket: the fault "a dropped connection". */
  dropConnections(): void;
  /** `false` drops and refuses all connections until `true`: the fault "Event Hubs is down". Events are kept. */
  setAvailable(available: boolean): void;
  /**
   * @returns every event the hub keeps, partition by partition, in order; decoded on each call, for assertions
   * @throws {Error} when there is no such hub
   */
  events(hub: string): readonly StoredEvent[];
  /**
   * The events that each partition of a hub keeps.
   * @throws {Error} when there is no such hub
   */
  ranges(hub: string): readonly PartitionRange[];
  /**
   * Captures a hub to blob storage until the capture is stopped. Stop it before the storage account.
   * @throws {Error} when there is no such hub, or the account cannot be reached
   */
  capture(settings: CaptureSettings): Promise<Capture>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const DEFAULT_PORT = 5672;
/** Events that each partition keeps unless the options say otherwise. */
export const DEFAULT_MAX_EVENTS = 100_000;

/**
 * A new partition numbers its events from the clock, not from 0. Checkpoints may outlive the events (without a file, or when the
 * file was removed), and with numbers from 0 a consumer would skip new events up to its old checkpoint. As long as a partition gets
 * fewer than 100,000 events per second, later numbers are higher than all earlier ones.
 */
const SEQUENCE_NUMBERS_PER_MS = 100;

/** Most unsettled messages per session. */
const MAX_UNSETTLED = 16_384;

/** Messages a producer may have under way; the SDK pauses for a second when it has used up its credit. */
const PRODUCER_CREDIT = 1000;

/**
 * Starts the stand-in; resolves when it listens.
 * @throws Node's error when it cannot listen, with `code` `EADDRINUSE` when the port is taken; when the file cannot be used
 */
export async function startEventHubs(options: EventHubsOptions): Promise<EventHubsServer> {
  const { port = DEFAULT_PORT, maxEventsPerPartition: maxEvents = DEFAULT_MAX_EVENTS, file } = options;
  const store = file === undefined ? memoryStore : await openFileStore(file);
  const { firstSequenceNumber = Date.now() * SEQUENCE_NUMBERS_PER_MS } = options;
  const keeping = { firstSequenceNumber, maxEvents, store };
  const hubs = new Hubs(options.hubs.map((settings) => new EventHub(settings, keeping)));
  const container = rhea.create_container({ id: 'local-event-hubs', tcp_no_delay: true });
  offerMechanisms(container);
  amendSessions(container);
  routeLinks(container, hubs);
  const server = container.listen({
    host: HOST,
    port,
    session_buffer_size: { outgoing: MAX_UNSETTLED },
    sender_options: { snd_settle_mode: settleMode.settled },
    receiver_options: { autoaccept: false, credit_window: PRODUCER_CREDIT, max_message_size: MAX_MESSAGE_SIZE },
  });
  const faults = connectionFaults(server);
  await once(server, 'listening').catch((error: unknown) => {
    store.close();
    throw error;
  });
  const actualPort = portOf(server.address());
  return {
    port: actualPort,
    connectionString: `Endpoint=sb://localhost:${actualPort};SharedAccessKeyName=${POLICY.name};SharedAccessKey=${POLICY.key};UseDevelopmentEmulator=true`,
    ...faults,
    events: (hub) => hubs.hub(hub).events(),
    ranges: (hub) =>
      hubs.hub(hub).partitions.map(({ id, firstSequenceNumber, newest }) => {
        return { partitionId: id, first: firstSequenceNumber, last: newest.sequenceNumber };
      }),
    capture: async (settings) => startCapture(hubs.hub(settings.hub).partitions, settings),
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      faults.dropConnections();
      await closed;
      store.close();
    },
  };
}

function connectionFaults(server: Server): Pick<EventHubsServer, 'dropConnections' | 'setAvailable'> {
  const sockets = new Set<Socket>();
  let available = true;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (!available) reset(socket);
  });
  const dropConnections = () => {
    for (const socket of sockets) reset(socket);
  };
  const setAvailable = (next: boolean) => {
    available = next;
    if (!available) dropConnections();
  };
  return { dropConnections, setAvailable };
}

/** rhea learns of a lost socket by its `end` or `error` only, and a reset from this side raises neither. */
function reset(socket: Socket): void {
  socket.resetAndDestroy();
  socket.emit('end');
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server listens on no TCP port.');
  return address.port;
}
