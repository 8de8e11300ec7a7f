import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { QueriesConfig } from '../../shared/config.ts';
import { lazyResource } from '../../shared/lazy-resource.ts';
import type { Runtime } from '../../shared/runtime.ts';
import type { ReportSource } from './report-source.ts';

/** How reports are computed. */
export interface Reports {
  /** Maximum duration of a report in milliseconds. */
  readonly limitMs: number;
  /** Opened by the first call. Rejects when that fails; the next call tries again. */
  source(): Promise<ReportSource>;
  /** The body of a view. */
  viewBody(view: string): Promise<string>;
  close(): Promise<void>;
}

/** Prepares the reports. The code of a source is in a file of its own, which its first use loads. Undefined: there is no lake. */
export function openReports(
  { reports: { limitMs, connectionString, identityClientId }, reportsLake }: QueriesConfig,
  runtime: Runtime,
): Reports | undefined {
  if (connectionString === undefined && reportsLake === undefined) return undefined;
  const source = lazyResource(async (): Promise<ReportSource> => {
    if (connectionString !== undefined) {
      const { openSynapseReports } = await import('./synapse-reports.ts');
      return openSynapseReports({ connectionString, identityClientId }, limitMs, runtime);
    }
    if (reportsLake === undefined) throw new Error('There is no lake.');
    return (await import('./duckdb-reports.ts')).openDuckDbReports(reportsLake, runtime);
  });
  return {
    limitMs,
    source: source.get,
    // Next to the bundle, where `npm run build` puts them.
    viewBody: (view) => readFile(join(__dirname, 'views', `${view}.sql`), 'utf8'),
    close: source.close,
  };
}
