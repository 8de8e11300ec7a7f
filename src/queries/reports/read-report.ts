import { withinLimit } from '../../shared/deadline.ts';
import { Problem, unavailable } from '../../shared/http/problem.ts';
import type { Runtime } from '../../shared/runtime.ts';
import type { Reports } from './open-reports.ts';
import type { Report } from './report.ts';
import { AS_OF_QUERY, type ReportRequest, reportQuery } from './report-query.ts';
import type { ReportRow } from './report-source.ts';

interface ReportRows {
  readonly rows: readonly ReportRow[];
  /** When the newest event in the lake happened, ISO 8601 UTC. */
  readonly asOf: string | null;
}

/**
 * Reads rows of a report, and how new the lake is. Throws the Problems `report-unavailable` without a lake, `report-timeout` when it takes
 * too long, and `unavailable` when the lake cannot be read.
 */
export async function readReport(
  reports: Reports | undefined,
  report: Report,
  request: ReportRequest,
  { timer }: Pick<Runtime, 'timer'>,
): Promise<ReportRows> {
  if (reports === undefined) {
    throw new Problem('report-unavailable', 'No data lake is configured, so there are no reports.');
  }
  const over = new AbortController();
  const tooLate = () => {
    over.abort();
    const limit = `${reports.limitMs / 1_000} s`;
    return new Problem('report-timeout', `The report was not ready after ${limit}: ask for fewer days, or try again.`);
  };
  const read = () =>
    queryAll(reports, report, request, over.signal).catch(
      unavailable('The data lake cannot be read at the moment: try again.'),
    );
  return withinLimit(reports.limitMs, timer, read, tooLate);
}

async function queryAll(
  reports: Reports,
  report: Report,
  request: ReportRequest,
  signal: AbortSignal,
): Promise<ReportRows> {
  const source = await reports.source();
  const { sql, parameters } = reportQuery(report, await reports.viewBody(report.view), request);
  signal.throwIfAborted();
  const [rows, newest] = await Promise.all([
    source.query(sql, parameters, signal),
    source.query(AS_OF_QUERY, {}, signal),
  ]);
  const asOf = newest[0]?.as_of;
  return { rows, asOf: asOf instanceof Date ? asOf.toISOString() : null };
}
