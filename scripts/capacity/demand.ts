import { DEFAULT_ARCHIVE_DAYS } from '../../src/shared/config.ts';
import { LIVE_CONSUMER_GROUPS, READ_MODELS } from '../../src/shared/event-hubs/hub.ts';
import { bucketOf } from '../../src/shared/read-models/sales-daily.ts';
import { liveBucketOf } from '../../src/shared/read-models/sales-live.ts';
import { type CountedLife, type OrderCost, orderCost } from './counted.ts';
import { ESTIMATES } from './estimates.ts';
import { EVENT_HUBS } from './limits.ts';
import { SECONDS_PER_YEAR } from './prices.ts';
import { READS } from './reads.ts';
import type { Workload } from './workload.ts';

/** The largest batch that the trigger passes to a function (host.json). */
export const MAX_BATCH = 100;
export const CONSUMERS = LIVE_CONSUMER_GROUPS.length;
/** Consumers that decrypt personal data: all but the queue of the webhooks. */
const DECRYPTING = CONSUMERS - 1;

/** Events stay uncompressed for this time (s). */
const UNARCHIVED_SECONDS = DEFAULT_ARCHIVE_DAYS * 86_400;

/** How many logical partitions share the writes of a day, and of an hour. */
const many = Array.from({ length: 500 }, (_, index) => `id-${index}`);
export const DAY_PARTS = new Set(many.map((id) => bucketOf('2026-01-31', 'USD', id))).size;
export const HOUR_PARTS = new Set(many.map((id) => liveBucketOf('2026-01-31T12:00:00Z', id))).size;

/** What a workload asks of the services. Rates are per second. */
export interface Demand {
  readonly commands: number;
  readonly reads: number;
  readonly events: number;
  readonly eventBytes: number;
  /** Throughput units of Event Hubs, for what comes in and what goes out. */
  readonly throughputUnits: number;
  /** Events that a function gets at a time. */
  readonly eventsPerBatch: number;
  /** Partitions that the largest batches keep busy all the time, at the pace of one consumer. */
  readonly busyPartitions: number;
  /** Cores that are busy: of the command app, of one consumer, of the query app, of the write database. */
  readonly commandCores: number;
  readonly consumerCores: number;
  readonly queryCores: number;
  readonly sqlCores: number;
  /** Bytes of the transaction log: of the commits, and of the events that move to the archive. */
  readonly logBytes: number;
  /** Orders of the best-selling product. */
  readonly hottestOrders: number;
  /** Data keys to unwrap, if every command and event is of a customer whose key is in no cache. */
  readonly unwraps: number;
  /** Request units by read model: to project events, and to read. */
  readonly projecting: Readonly<Record<string, number>>;
  readonly reading: Readonly<Record<string, number>>;
  /** Writes to the storage account of the sync app: a checkpoint per batch. */
  readonly checkpoints: number;
  readonly telemetryBytes: number;
  /** Bytes after the first year: in the write database, in each read model, and in the data lake. */
  readonly sqlYear: number;
  readonly cosmosYear: Readonly<Record<string, number>>;
  readonly lakeYear: number;
  /** Bytes that a day adds to each logical partition of sales_daily. */
  readonly dayPartBytes: number;
}

/**
 * Computes what a workload asks of the services.
 * @param partitions of the hub: fewer partitions make larger batches, which cost less per event
 */
export function demandOf(workload: Workload, counted: readonly CountedLife[], partitions: number): Demand {
  const { ordersPerSecond: orders, lines, readsPerWrite } = workload;
  const eventsOfOrder = orderCost(counted, lines, 1).events;
  const events = orders * eventsOfOrder;
  const eventsPerBatch = batchOf(events / partitions);
  const cost = orderCost(counted, lines, eventsPerBatch);
  const [commands, reads] = [events, events * readsPerWrite];
  const eventBytes = orders * cost.eventBytes;
  const sqlBytes = orders * cost.databaseBytes * ESTIMATES.sqlBytesFactor.value;
  return {
    commands,
    reads,
    events,
    eventBytes,
    throughputUnits: throughputUnits(events, eventBytes),
    eventsPerBatch,
    busyPartitions: (events * batchSeconds(MAX_BATCH, cost.eventBytes / cost.events)) / MAX_BATCH,
    commandCores: (commands * ESTIMATES.commandCpuMs.value) / 1_000,
    consumerCores: (events * ESTIMATES.eventCpuMs.value) / 1_000,
    queryCores: (reads * ESTIMATES.readCpuMs.value) / 1_000,
    sqlCores:
      (commands * ESTIMATES.sqlCpuMs.value +
        orders * lines * ESTIMATES.sqlCpuMsPerLine.value +
        events * ESTIMATES.archiveCpuMs.value) /
      1_000,
    logBytes: sqlBytes * (ESTIMATES.logFactor.value + ESTIMATES.archiveLogFactor.value),
    hottestOrders: orders * ESTIMATES.hottestShare.value,
    unwraps: commands + events * DECRYPTING,
    projecting: mapValues(cost.requestUnits, (requestUnits) => requestUnits * orders),
    reading: readingOf(reads),
    checkpoints: (events / eventsPerBatch) * CONSUMERS,
    telemetryBytes:
      commands * ESTIMATES.commandTelemetryBytes.value +
      events * CONSUMERS * ESTIMATES.eventTelemetryBytes.value +
      reads * ESTIMATES.readTelemetryBytes.value,
    ...yearOf(cost, orders, sqlBytes),
    dayPartBytes: ((cost.documentBytes.sales_daily ?? 0) * orders * 86_400) / DAY_PARTS,
  };
}

function yearOf(cost: OrderCost, orders: number, sqlBytes: number) {
  return {
    sqlYear: sqlBytes * (UNARCHIVED_SECONDS + (SECONDS_PER_YEAR - UNARCHIVED_SECONDS) * ESTIMATES.archivedShare.value),
    cosmosYear: mapValues(
      cost.documentBytes,
      (bytes) => bytes * orders * ESTIMATES.indexFactor.value * SECONDS_PER_YEAR,
    ),
    lakeYear: cost.eventBytes * orders * SECONDS_PER_YEAR,
  };
}

function throughputUnits(events: number, bytes: number): number {
  const { eventsIn, bytesIn, eventsOut, bytesOut } = EVENT_HUBS;
  return Math.max(events / eventsIn, bytes / bytesIn, (events * CONSUMERS) / eventsOut, (bytes * CONSUMERS) / bytesOut);
}

/** Duration (ms) of a batch: requests, the checkpoint, and the CPU time of its events. */
const batchMs = (events: number): number =>
  ESTIMATES.batchMs.value + ESTIMATES.checkpointMs.value + events * ESTIMATES.eventCpuMs.value;

/** How long (s) a batch keeps its partition busy, which also takes in only so many bytes. */
export const batchSeconds = (events: number, bytesEach: number): number =>
  Math.max(batchMs(events) / 1_000, (events * bytesEach) / EVENT_HUBS.partitionBytesIn);

/** Events that arrive while a batch is processed are the next one. */
function batchOf(eventsPerSecond: number): number {
  const perMs = eventsPerSecond / 1_000;
  const free = 1 - perMs * ESTIMATES.eventCpuMs.value;
  return free <= 0 ? MAX_BATCH : Math.min(MAX_BATCH, Math.max(1, (perMs * batchMs(0)) / free));
}

function readingOf(reads: number): Readonly<Record<string, number>> {
  const ofReadModel = (name: string) => READS.filter(({ readModel }) => readModel === name);
  return Object.fromEntries(
    READ_MODELS.map((name) => [
      name,
      ofReadModel(name).reduce((total, { requestUnits, share }) => total + requestUnits * share * reads, 0),
    ]),
  );
}

const mapValues = (values: Readonly<Record<string, number>>, change: (value: number) => number) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
