/** Reports by Synapse serverless SQL, or any other SQL endpoint of the lake that speaks TDS, such as one of Microsoft Fabric. */
import sql from 'mssql';
import * as z from 'zod';
import { appCredential } from '../../shared/credential.ts';
import type { Runtime } from '../../shared/runtime.ts';
import { type SqlDatabase, sqlDatabase } from '../../shared/write-database/azure-sql/sql-database.ts';
import type { ReportParameter, ReportSource } from './report-source.ts';

const rows = z.array(z.record(z.string(), z.union([z.string(), z.number(), z.bigint(), z.date(), z.null()])));

const TYPES = {
  text: sql.NVarChar(200),
  integer: sql.BigInt(),
  date: sql.Date(),
  time: sql.DateTime2(7),
} as const satisfies Record<ReportParameter['type'], sql.ISqlType>;

export interface SynapseConnection {
  readonly connectionString: string;
  readonly identityClientId: string | undefined;
}

/** The caller ends a query in time; the driver's own limit is for the case that the server does not react to that. */
const REQUEST_MARGIN_MS = 5_000;

/**
 * Opens the database. Nothing connects before the first query.
 * @param limitMs maximum duration of a query in milliseconds
 */
export function openSynapseReports(
  { connectionString, identityClientId }: SynapseConnection,
  limitMs: number,
  runtime: Pick<Runtime, 'monotonicMs' | 'delay' | 'random'>,
): ReportSource {
  const tokenCredential = appCredential(identityClientId);
  return synapseReports(
    sqlDatabase(connectionString, {
      appName: 'orders-queries',
      tokenCredential,
      requestTimeout: limitMs + REQUEST_MARGIN_MS,
      runtime,
    }),
  );
}

/** Reports by an open database. */
export function synapseReports(database: Pick<SqlDatabase, 'run' | 'close'>): ReportSource {
  return {
    query: (text, parameters, signal) =>
      database.run(async (pool) => {
        signal.throwIfAborted();
        const request = pool.request();
        for (const [name, { type, value }] of Object.entries(parameters)) request.input(name, TYPES[type], value);
        const cancel = () => request.cancel();
        signal.addEventListener('abort', cancel);
        try {
          return rows.parse((await request.query(text)).recordset);
        } finally {
          signal.removeEventListener('abort', cancel);
        }
      }),
    close: () => database.close(),
  };
}
