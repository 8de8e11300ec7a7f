import type { HttpHandler, HttpResponseInit } from '@azure/functions';
import type { Actor, Role } from '../../shared/auth/authenticate.ts';
import { requireRole } from '../../shared/auth/require-role.ts';
import { type Call, endpoint } from '../../shared/http/endpoint.ts';
import { httpFunction, type Operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problem.ts';
import { queryDuration } from '../../shared/telemetry/metrics.ts';
import { runtime } from '../app.ts';

export interface Query extends Call {
  readonly actor: Actor;
}

/** Registers the HTTP function of one query, and describes it: it authenticates, checks the roles, measures. */
export function httpQuery(query: Omit<Operation, 'method'>, answer: (query: Query) => Promise<HttpResponseInit>): void {
  httpFunction({ ...query, method: 'GET' }, queryEndpoint(query.name, query.roles, answer));
}

function queryEndpoint(
  name: string,
  roles: readonly Role[],
  answer: (query: Query) => Promise<HttpResponseInit>,
): HttpHandler {
  return endpoint(async (call) => {
    const startedAt = performance.now();
    const measure = (status: number | undefined) => {
      queryDuration.record(performance.now() - startedAt, { query: name, status: status ?? 200 });
    };
    try {
      const actor = await runtime().authenticate(call.request.headers.get('authorization'));
      requireRole(actor, name, roles);
      const response = await answer({ ...call, actor });
      measure(response.status);
      return response;
    } catch (error) {
      measure(error instanceof Problem ? error.status : 500);
      throw error;
    }
  });
}
