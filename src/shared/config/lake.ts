import * as z from 'zod';
import { type Connection, optionalConnection } from './connection.ts';
import { azure, inAzure, text } from './environment.ts';

/** Storage of the data lake. Undefined: there is none, and nothing brings its tables up to date. */
export const lake = optionalConnection('LakeConnection', 'blobServiceUri');

/** When the tables of the data lake are brought up to date with the captured events. */
export const lakeSchedule = z
  .object({ LAKE_SCHEDULE: text.default('0 */5 * * * *') })
  .transform((env) => env.LAKE_SCHEDULE);

/** The lake whose files DuckDB reads for reports, on a developer machine only: the deployed app does not contain DuckDB. */
export const reportsLake = z
  .object({ LakeConnection: text.optional(), ...azure })
  .refine(
    ...inAzure('LakeConnection', () => false, 'is for a developer machine: set REPORTS_SQL_CONNECTION_STRING instead'),
  )
  .transform(({ LakeConnection: connectionString }): Connection | undefined =>
    connectionString === undefined ? undefined : { kind: 'connectionString', connectionString },
  );

/** The SQL endpoint of the data lake, and the time limit of a report, which is below that of Azure's load balancer. */
export const reports = z
  .object({
    // Empty where the template has no SQL endpoint.
    REPORTS_SQL_CONNECTION_STRING: z.string().optional(),
    REPORTS_SQL_IDENTITY_CLIENT_ID: text.optional(),
    REPORT_TIMEOUT_SECONDS: z.coerce.number('must be a number of seconds').min(1).max(200).default(30),
  })
  .transform((env) => ({
    limitMs: env.REPORT_TIMEOUT_SECONDS * 1000,
    connectionString: env.REPORTS_SQL_CONNECTION_STRING || undefined,
    identityClientId: env.REPORTS_SQL_IDENTITY_CLIENT_ID,
  }));
