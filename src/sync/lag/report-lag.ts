import type { InvocationContext } from '@azure/functions';
import { runtime } from '../app.ts';
import { reportSyncLag, type SyncLagReport } from '../database/report-sync-lag.ts';

/** Reports a lag for the commands' answers. Never rejects: without a report they fall back to what the read side is designed for. */
export async function tellCommands(report: SyncLagReport, context: InvocationContext): Promise<void> {
  try {
    await reportSyncLag(await runtime().writeDatabase(), report);
  } catch (error) {
    context.warn(`The lag of ${report.readModel} could not be reported to the commands:`, error);
  }
}
