import { z } from 'zod';
import { PROBLEM_TYPE, PROBLEMS } from '../../../src/shared/http/problem.ts';
import type { FunctionAnswer } from './function-answer.ts';

const problem = z.object({
  type: z.string(),
  status: z.int(),
  title: z.string(),
  detail: z.string(),
  instance: z.string().startsWith('/api/'),
  code: z.enum(Object.keys(PROBLEMS)),
});

/** Statuses that require the header Retry-After. */
const LATER: ReadonlySet<number> = new Set([429, 503]);
/** The status of each problem, by its code. */
const STATUSES = new Map<string, number>(Object.entries(PROBLEMS).map(([code, [status]]) => [code, status]));

/** True for consistent problem details (RFC 9457), except for an internal error. */
export function isProblem({ status, headers, body }: FunctionAnswer): boolean {
  const { data } = problem.safeParse(body);
  if (data === undefined || data.code === 'internal-error') return false;
  return (
    headers.get('content-type') === 'application/problem+json' &&
    data.status === status &&
    data.type === `${PROBLEM_TYPE}${data.code}` &&
    STATUSES.get(data.code) === status &&
    (!LATER.has(status) || Number(headers.get('retry-after')) > 0)
  );
}

/** The code of a problem; undefined for another answer. */
export const codeOf = ({ body }: FunctionAnswer): string | undefined => problem.safeParse(body).data?.code;
