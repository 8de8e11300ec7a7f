import { readFile } from 'node:fs/promises';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { z } from 'zod';
import { getReport } from '../../../src/queries/reports/get-report.ts';
import type { Reports } from '../../../src/queries/reports/open-reports.ts';
import type { ReportSource } from '../../../src/queries/reports/report-source.ts';
import type { Role } from '../../../src/shared/auth/authenticate.ts';
import type { Runtime } from '../../../src/shared/runtime.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';

const answer = z.object({ status: z.int(), jsonBody: z.unknown().optional(), body: z.string().optional() });
const body = z.looseObject({
  code: z.string().optional(),
  asOf: z.string().nullable().optional(),
  items: z.array(z.record(z.string(), z.union([z.string(), z.number()]))).default([]),
  continuationToken: z.string().optional(),
});

/** The reports of a source, with the views of the app. */
export function reportsOf(source: ReportSource, limitMs = 60_000): Reports {
  return {
    limitMs,
    source: async () => source,
    viewBody: (view) => readFile(`src/queries/reports/views/${view}.sql`, 'utf8'),
    close: source.close,
  };
}

/** Calls `GET /analytics/reports/…` as one role. */
export async function callReport(
  reports: Reports | undefined,
  pathAndQuery: string,
  role: Role = 'admin',
  runtime: Runtime = systemRuntime,
) {
  const url = new URL(`https://app.example/api/analytics/reports/${pathAndQuery}`);
  const { handler } = getReport({
    authenticate: async () => ({ userId: 'somebody', roles: new Set([role]), customerId: undefined }),
    runtime,
    reports,
  });
  const request = new HttpRequest({
    method: 'GET',
    url: url.href,
    query: Object.fromEntries(url.searchParams),
    params: { name: url.pathname.split('/').at(-1) ?? '' },
  });
  const {
    status,
    jsonBody,
    body: text,
  } = answer.parse(
    await handler(request, new InvocationContext({ functionName: 'getReport', logHandler: () => undefined })),
  );
  return { status, body: body.parse(jsonBody ?? JSON.parse(text ?? '{}')) };
}
