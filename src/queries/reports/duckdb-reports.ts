/**
 * Reports on a developer machine: DuckDB runs the SQL over the Parquet files that the Delta log of each table names. It reads files only, so
 * they are copied into a folder. The package of the deployed app does not contain this file.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import * as z from 'zod';
import type { Connection } from '../../shared/config/connection.ts';
import { type LakeFiles, TABLES_CONTAINER } from '../../shared/lake/lake-files.ts';
import { openLakeFiles } from '../../shared/lake/open-lake.ts';
import { TABLES } from '../../shared/lake/tables.ts';
import type { Clock } from '../../shared/runtime.ts';
import { copyTable } from './copy-table.ts';
import type { ReportParameter, ReportSource } from './report-source.ts';

const DAY_MS = 86_400_000;

/** Nothing is downloaded: DuckDB would otherwise load extensions from the internet when it needs them. */
const SETUP = `SET autoinstall_known_extensions = false; SET threads = 2; SET TimeZone = 'UTC'; CREATE SCHEMA dbo; USE dbo`;

const rows = z.array(z.record(z.string(), z.union([z.string(), z.number(), z.bigint(), z.date(), z.null()])));

/** Time (ms) between two interruptions of a query that is over its time. One that comes while the query is prepared has no effect. */
const INTERRUPT_EVERY_MS = 50;

/** Opens the tables of the lake in DuckDB. */
export function openDuckDbReports(lake: Connection, clock: Pick<Clock, 'delay'>): Promise<ReportSource> {
  return duckDbReports(openLakeFiles(lake, TABLES_CONTAINER), clock);
}

/** Opens tables in DuckDB. The queries run one after the other. */
export async function duckDbReports(tables: LakeFiles, { delay }: Pick<Clock, 'delay'>): Promise<ReportSource> {
  const folder = await mkdtemp(join(tmpdir(), 'orders-lake-'));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(SETUP);
  const copied = new Map<string, ReadonlySet<string>>();
  let last: Promise<unknown> = Promise.resolve();
  const run = async (text: string, parameters: Readonly<Record<string, ReportParameter>>, signal: AbortSignal) => {
    for (const table of TABLES) {
      signal.throwIfAborted();
      const before = copied.get(table.name);
      const { paths, sql } = await copyTable(table, tables, folder, before);
      if (sql !== undefined) await connection.run(`CREATE OR REPLACE VIEW dbo.${table.name} AS ${sql}`);
      copied.set(table.name, paths);
    }
    return interruptible(connection, { signal, delay }, () => readRows(connection, text, parameters));
  };
  return {
    query: (sql, parameters, signal) => {
      const result = last.then(() => run(sql, parameters, signal));
      last = result.catch(() => undefined);
      return result;
    },
    close: async () => {
      await last;
      connection.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a query that the signal interrupts. */
async function interruptible<Result>(
  connection: DuckDBConnection,
  { signal, delay }: { readonly signal: AbortSignal } & Pick<Clock, 'delay'>,
  query: () => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const ended = new AbortController();
  const interrupt = async () => {
    while (!ended.signal.aborted) {
      connection.interrupt();
      await delay(INTERRUPT_EVERY_MS, ended.signal);
    }
  };
  signal.addEventListener('abort', interrupt, { once: true, signal: ended.signal });
  try {
    return await query();
  } finally {
    ended.abort();
  }
}

async function readRows(
  connection: DuckDBConnection,
  sql: string,
  parameters: Readonly<Record<string, ReportParameter>>,
) {
  const values = Object.entries(parameters).map(([name, parameter]) => [name, toDuckDb(parameter)] as const);
  const result = await connection.runAndReadAll(sql.replaceAll('@', '$'), Object.fromEntries(values));
  return rows.parse(result.getRowObjectsJS());
}

function toDuckDb(parameter: ReportParameter): DuckDBValue {
  switch (parameter.type) {
    case 'date':
      return new DuckDBDateValue(parameter.value.getTime() / DAY_MS);
    case 'time':
      return new DuckDBTimestampTZValue(BigInt(parameter.value.getTime()) * 1_000n);
    case 'text':
    case 'integer':
      return parameter.value;
  }
}
