import type { HttpResponseInit } from '@azure/functions';
import type { Actor, Authenticate } from '../auth/authenticate.ts';
import { requireRole } from '../auth/require-role.ts';
import type { HttpFunction } from '../functions/app-function.ts';
import type { Runtime } from '../runtime.ts';
import { measureCommand, measureQuery } from '../telemetry/measure.ts';
import { type Call, endpoint } from './endpoint.ts';
import type { Operation } from './operation.ts';
import { plainHeaders } from './plain-headers.ts';
import { rejectOtherParameters } from './query-parameters.ts';
import { traceRead } from './trace-read.ts';

/** A request whose caller is authenticated and has one of the operation's roles. */
export interface AuthenticatedCall extends Call {
  readonly actor: Actor;
}

export type AnswerCall = (call: AuthenticatedCall) => Promise<HttpResponseInit>;

interface AuthenticatingApp {
  readonly authenticate: Authenticate;
  readonly runtime: Pick<Runtime, 'newId' | 'monotonicMs'>;
}

/**
 * Creates the HTTP function of an operation: authenticates the caller, checks the roles and the names of the query parameters, calls
 * `answer`, and measures the call as a query (GET) or as a command. Errors become problem details.
 */
export function authenticatedOperation(app: AuthenticatingApp, operation: Operation, answer: AnswerCall): HttpFunction {
  const { name, method } = operation;
  const { runtime } = app;
  return authenticated(app, operation, {
    around: (work) => (method === 'GET' ? measureQuery(name, runtime, work) : measureCommand(name, runtime, work)),
    answer,
  });
}

/** Creates the HTTP function of an operation whose commands the pipeline measures by type. */
export function commandOperation(app: AuthenticatingApp, operation: Operation, answer: AnswerCall): HttpFunction {
  return authenticated(app, operation, { around: (work) => work(), answer });
}

type Answer = () => Promise<HttpResponseInit>;

/**
 * A response depends on the caller, and its exposed headers on whether a web page of another origin sent the request. A browser in which
 * several people sign in must not reuse or revalidate for one of them what it has stored for another (RFC 9111, section 4.1).
 */
const VARY = 'authorization, origin';

function authenticated(
  app: AuthenticatingApp,
  operation: Operation,
  { around, answer }: { readonly around: (work: Answer) => Promise<HttpResponseInit>; readonly answer: AnswerCall },
): HttpFunction {
  const handler = endpoint(app.runtime, (call) =>
    around(async () => {
      const actor = await app.authenticate(call.request.headers.get('authorization'));
      if (operation.publicBySetting === undefined) requireRole(actor, operation.name, operation.roles);
      rejectOtherParameters(call.request, Object.keys(operation.parameters?.shape ?? {}));
      const response = await answer({ ...call, actor });
      traceRead({ ...call, actor }, operation, response);
      return operation.method === 'GET' ? withVary(response) : response;
    }),
  );
  return { trigger: 'http', operation, handler };
}

const withVary = (response: HttpResponseInit): HttpResponseInit => ({
  ...response,
  headers: { ...plainHeaders(response.headers), vary: VARY },
});

/** Creates the HTTP function of an operation without authentication. */
export function anonymousOperation(
  { runtime }: Pick<AuthenticatingApp, 'runtime'>,
  operation: Operation,
  answer: (call: Call) => Promise<HttpResponseInit>,
): HttpFunction {
  return { trigger: 'http', operation, handler: endpoint(runtime, answer) };
}
