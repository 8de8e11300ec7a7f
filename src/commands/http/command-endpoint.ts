import { randomUUID } from 'node:crypto';
import type { HttpMethod, HttpRequest, HttpResponseInit } from '@azure/functions';
import { type Call, endpoint } from '../../shared/http/endpoint.ts';
import { identifier, routeId } from '../../shared/http/identifiers.ts';
import { readJsonBody } from '../../shared/http/json-body.ts';
import { httpFunction, type Operation } from '../../shared/http/operation.ts';
import { validate } from '../../shared/http/validate.ts';
import { validTraceparent } from '../../shared/telemetry/tracing.ts';
import { runtime } from '../app.ts';
import type { Command, CommandEnvelope } from '../pipeline/command.ts';
import { acceptedAnswer, acceptedResponse } from './accepted-response.ts';
import { expectedVersion } from './if-match.ts';

interface CommandRoute {
  readonly method: HttpMethod;
  /** Below /api; the first parameter, if there is one, is the id of the aggregate. */
  readonly route: string;
  /** The command's data, where it is not the body. */
  readonly data?: (request: HttpRequest) => unknown;
}

/** Registers the HTTP function of one command: it makes the envelope, dispatches it, and answers 202. */
export function httpCommand(command: Command, { method, route, data }: CommandRoute): void {
  const [idName] = /(?<=\{)\w+/.exec(route) ?? [];
  const { type, summary, roles, schema, example, rejections } = command;
  const operation = {
    ...commandOperation(route, rejections),
    name: type.charAt(0).toLowerCase() + type.slice(1),
    method,
    summary,
    roles,
    ...(data === undefined && { body: { schema, examples: { [type]: example } } }),
  };
  const handler = endpoint((call) =>
    dispatchCall(call, async () => {
      const body = await readJsonBody(call.request);
      return {
        commandId: idempotencyKey(call.request) ?? randomUUID(),
        commandType: type,
        aggregateId: idName === undefined ? undefined : routeId(call.request, idName),
        data: data === undefined ? body : data(call.request),
        correlationId: call.correlationId,
        source: 'http',
      };
    }),
  );
  httpFunction(operation, handler);
}

/** What the description of every operation that takes a command has in common. */
export function commandOperation(
  route: string,
  rejections: Command['rejections'],
): Pick<Operation, 'route' | 'headers' | 'answers' | 'problems'> {
  return {
    route,
    headers: ['Idempotency-Key', 'If-Match'],
    answers: { 202: acceptedAnswer(route) },
    problems: ['validation-failed', ...rejections, 'concurrent-update', 'version-mismatch', 'idempotency-key-reused'],
  };
}

/** What a request itself says of a command. */
type Sent = Omit<CommandEnvelope, 'actor' | 'expectedVersion' | 'receivedAt' | 'traceparent'>;

/** Authenticates the caller before anything of the request is read, then dispatches what it sent. */
export async function dispatchCall({ request, context }: Call, read: () => Promise<Sent>): Promise<HttpResponseInit> {
  const { authenticate, bus } = await runtime();
  const actor = await authenticate(request.headers.get('authorization'));
  const answer = await bus.dispatch({
    ...(await read()),
    actor,
    expectedVersion: expectedVersion(request),
    receivedAt: new Date().toISOString(),
    traceparent: validTraceparent(context.traceContext?.traceParent),
  });
  return acceptedResponse(answer);
}

/** The Idempotency-Key header, if there is one. Throws Problem `validation-failed`. */
export function idempotencyKey({ headers }: HttpRequest): string | undefined {
  const key = headers.get('idempotency-key');
  return key === null ? undefined : validate(identifier, key, 'Idempotency-Key');
}
