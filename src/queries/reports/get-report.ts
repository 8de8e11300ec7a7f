import * as z from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { listId } from '../../shared/http/continuation-token.ts';
import { Problem } from '../../shared/http/problem.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { utcDay } from '../../shared/http/times.ts';
import { validate } from '../../shared/http/validate.ts';
import { pageParameters } from '../../shared/read-models/paging.ts';
import type { QueriesApp } from '../app.ts';
import { requireRange } from '../reading/date-range.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';
import { readReport } from './read-report.ts';
import { isReportName, REPORTS, type Report } from './report.ts';
import { reportBody, toItem } from './report-response.ts';
import { positionOf, tokenAfter } from './report-token.ts';

const parameters = z.object({
  from: utcDay.describe('First UTC day on which the orders were submitted.').optional(),
  to: utcDay.describe('Last UTC day on which the orders were submitted.').optional(),
  ...pageParameters,
});

const query: Query = {
  name: 'getReport',
  route: 'analytics/reports/{name}',
  summary: 'Gets a report of the data lake, which is some minutes behind the orders.',
  roles: ['analyst', 'admin'],
  parameters,
  answers: {
    200: {
      description: 'A page of the report. The last page has no `continuationToken`.',
      schema: reportBody('admin').meta({ id: 'Report' }),
      views: { analyst: { schema: reportBody('analyst').meta({ id: 'ReportForAnalysts' }) } },
    },
  },
  problems: ['report-not-found', 'report-unavailable', 'report-timeout'],
};

/** What the function is built from. */
export type ReportingApp = Pick<QueriesApp, 'authenticate' | 'runtime' | 'reports'>;

export function getReport(app: ReportingApp): HttpFunction {
  return httpQuery(app, query, async ({ request, actor }) => {
    const { name = '' } = request.params;
    if (!isReportName(name)) {
      throw new Problem('report-not-found', `The reports are ${Object.keys(REPORTS).join(', ')}.`);
    }
    const { from, to, limit, continuationToken } = validate(parameters, queryParameters(request));
    requireRange({ from, to });
    const report: Report = REPORTS[name];
    const list = listId([name, from, to]);
    const after = continuationToken === undefined ? undefined : positionOf(continuationToken, list, report);
    // One row more than the page shows whether there is another page.
    const { rows, asOf } = await readReport(app.reports, report, { from, to, limit: limit + 1, after }, app.runtime);
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    const viewer = actor.roles.has('admin') ? 'admin' : 'analyst';
    return {
      status: 200,
      headers: { 'cache-control': 'private, no-cache' },
      jsonBody: {
        name,
        asOf,
        items: page.map((row) => toItem(report, row, viewer)),
        ...(last !== undefined && { continuationToken: tokenAfter(last, list, report) }),
      },
    };
  });
}
