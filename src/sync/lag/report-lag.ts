import type { InvocationContext } from '@azure/functions';
import type { SyncApp } from '../app.ts';
import type { SyncLagReport } from '../database/sync-database.ts';

/** Reports a lag, which responses to commands include. Never rejects: without a report, the responses use the designed lag. */
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
