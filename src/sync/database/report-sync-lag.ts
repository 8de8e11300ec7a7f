import type { SyncLagMeasure } from '../../shared/sync-lag.ts';
import { executeProcedure } from '../../shared/write-database/azure-sql/procedures.ts';
import type { WriteDatabase } from '../../shared/write-database/open-write-database.ts';

/** How far a read model is behind. */
export interface SyncLagReport {
  readonly readModel: string;
  readonly measure: SyncLagMeasure;
  readonly lagMs: number;
}

const UPSERT = `
  INSERT INTO SyncLags (ReadModel, Measure, LagMs, ReportedAt) VALUES (:readModel, :measure, :lagMs, :now)
  ON CONFLICT DO UPDATE SET LagMs = excluded.LagMs, ReportedAt = excluded.ReportedAt`;

/** The greatest age that is told (ms): an int on SQL Server. */
const MAX_LAG_MS = 2 ** 31 - 1;

/** Tells the commands, in place of the report before. Throws the database's fault; it is not tried again, for the next follows. */
export async function reportSyncLag(
  opened: WriteDatabase,
  { readModel, measure, ...report }: SyncLagReport,
): Promise<void> {
  // Clocks of two machines may differ
  const lagMs = Math.min(Math.max(0, Math.round(report.lagMs)), MAX_LAG_MS);
  if (opened.kind === 'sqlite') {
    opened.database.prepare(UPSERT).run({ readModel, measure, lagMs, now: Date.now() });
    return;
  }
  await executeProcedure(opened.pool, 'ReportSyncLag', { ReadModel: readModel, Measure: measure, LagMs: lagMs });
}
