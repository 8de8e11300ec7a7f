/** What the plan assumes where nothing can be counted. Times on Azure's hardware are estimates until they are measured there. */
export interface Estimate {
  readonly value: number;
  readonly unit: string;
  /** measured: by `npm run bench`, on 2 cores of a laptop. estimated: never measured. chosen: a decision of ours. */
  readonly basis: 'measured' | 'estimated' | 'chosen';
  readonly what: string;
}

export const ESTIMATES = {
  commandCpuMs: measured(3.7, 'ms', 'CPU time of the command app per command'),
  eventCpuMs: measured(0.7, 'ms', 'CPU time of the sync app per event and consumer group'),
  readCpuMs: measured(1.8, 'ms', 'CPU time of the query app per GET'),
  batchMs: estimated(30, 'ms', 'a batch of events waits for Cosmos DB: about three requests, one after the other'),
  checkpointMs: estimated(10, 'ms', 'a batch of events waits for its checkpoint'),
  commandMs: estimated(100, 'ms', 'duration of a command, during which it counts as a concurrent request; the target'),
  sqlMs: estimated(
    20,
    'ms',
    'a command occupies a worker of the write database: two procedures, and the wait for the log',
  ),
  sqlCpuMs: estimated(2, 'ms', 'CPU time of the write database per command: two procedures'),
  sqlCpuMsPerLine: estimated(0.1, 'ms', 'CPU time of the write database per line of a new order'),
  sqlBytesFactor: estimated(
    2,
    'times',
    'size in Azure SQL, which stores two bytes per character, compared with SQLite',
  ),
  logFactor: estimated(1.5, 'times', 'size in the transaction log, with indexes and the mark of published events'),
  // Of the 27 KB that an order takes, 26 KB and 8.4 KB: the figures of docs/decisions/0039-old-events-move-to-an-archive-table.md.
  archiveLogFactor: estimated(
    0.97,
    'times',
    'size in the transaction log of moving events to the archive, which deletes them and the records of their commands',
  ),
  archivedShare: estimated(
    0.31,
    'of the size',
    'size of events in the archive: compressed, with fewer indexes, and without the records of their commands',
  ),
  archiveMs: estimated(0.7, 'ms', 'duration of moving an event to the archive, in a batch of 500'),
  archiveCpuMs: estimated(0.3, 'ms', 'CPU time of the write database to move an event to the archive'),
  productRowMs: estimated(8, 'ms', 'an order locks the row of each of its products until its commit is in the log'),
  hottestShare: chosen(0.01, 'of the orders', 'share of the orders that have the best-selling product'),
  indexFactor: estimated(1.3, 'times', 'size in Cosmos DB with indexes'),
  cosmosUse: estimated(0.7, 'of the maximum', 'mean autoscale throughput that is billed'),
  commandTelemetryBytes: estimated(3_000, 'bytes', 'traces and logs of a command'),
  eventTelemetryBytes: estimated(1_000, 'bytes', 'traces of an event in a consumer group'),
  readTelemetryBytes: estimated(1_000, 'bytes', 'traces of a GET'),
  utilization: chosen(
    0.6,
    'of the capacity',
    'use of a resource at the planned load; the rest is for peaks and catching up',
  ),
} as const satisfies Record<string, Estimate>;

function measured(value: number, unit: string, what: string): Estimate {
  return { value, unit, what, basis: 'measured' };
}
function estimated(value: number, unit: string, what: string): Estimate {
  return { value, unit, what, basis: 'estimated' };
}
function chosen(value: number, unit: string, what: string): Estimate {
  return { value, unit, what, basis: 'chosen' };
}
