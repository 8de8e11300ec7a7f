import type { InvocationContext } from '@azure/functions';
import type { SyncApp } from '../app.ts';
import type { SyncLagReport } from '../database/sync-database.ts';

/** Reports a lag for the answers to commands. Never rejects: without a report they fall back to the lag that is designed for. */
export async function reportLag(
  { writeDatabase }: Pick<SyncApp, 'writeDatabase'>,
  report: SyncLagReport,
  context: InvocationContext,
): Promise<void> {
  try {
    await (await writeDatabase()).reportLag(report);
  } catch (error) {
    context.warn(`The lag of ${report.readModel} could not be reported to the command side:`, error);
  }
}
