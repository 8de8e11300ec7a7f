import type { HttpMethod, HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { type AuthenticatedCall, commandOperation } from '../../shared/http/authenticated-operation.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { BODY_PROBLEMS, readJsonBody } from '../../shared/http/json-body.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { validate } from '../../shared/http/validate.ts';
import { validTraceparent } from '../../shared/telemetry/traceparent.ts';
import type { DispatchingApp } from '../app.ts';
import type { Command, CommandEnvelope } from '../pipeline/command.ts';
import { acceptedAnswer, acceptedResponse } from './accepted-response.ts';
import { idempotencyKeyHeader } from './idempotency-key.ts';
import { expectedVersion } from './if-match.ts';

interface CommandRoute {
  readonly method: HttpMethod;
  /**
   * Relative to /api. The first parameter, if any, is the aggregate's id. Further parameters are fields of the command's data.
   */
  readonly route: string;
}

/** The HTTP function of one command: builds the envelope, dispatches it and returns 202. */
export function httpCommand(app: DispatchingApp, command: Command, { method, route }: CommandRoute): HttpFunction {
  const [idName, ...fieldNames] = [...route.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);
  const { type, summary, roles, example, rejections } = command;
  const body = bodySchema(command, fieldNames);
  const hasBody = fieldNames.length === 0 || Object.keys(body.shape).length > 0;
  const operation: Operation = {
    ...describeCommand(route, rejections),
    name: type.charAt(0).toLowerCase() + type.slice(1),
    method,
    summary,
    roles,
    ...(hasBody && { body: { schema: body, examples: { [type]: exampleOf(body, example) } } }),
  };
  return commandOperation(app, operation, (call) =>
    dispatchCall(app, call, async ({ request }) => {
      const sent = await readJsonBody(request);
      return {
        commandId: idempotencyKeyHeader(request) ?? app.runtime.newId(),
        commandType: type,
        aggregateId: idName === undefined ? undefined : routeId(request, idName),
        data: fieldNames.length === 0 ? sent : { ...validate(body, sent), ...fieldsInRoute(request, fieldNames) },
        correlationId: call.correlationId,
        source: 'http',
      };
    }),
  );
}

function fieldsInRoute(request: HttpRequest, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, routeId(request, name)]));
}

/** The schema of the request's body: the fields of the command's data that are not in the route. */
function bodySchema({ schema }: Command, inRoute: readonly string[]): z.ZodObject {
  if (inRoute.length === 0) return schema;
  return z.strictObject(Object.fromEntries(Object.entries(schema.shape).filter(([name]) => !inRoute.includes(name))));
}

/** The fields of a command's example that belong in the request's body. */
function exampleOf({ shape }: z.ZodObject, example: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(Object(example)).filter(([name]) => name in shape));
}

/** The part of an API description that all operations with a command share. */
export function describeCommand(
  route: string,
  rejections: Command['rejections'],
): Pick<Operation, 'route' | 'headers' | 'answers' | 'problems'> {
  return {
    route,
    headers: ['Idempotency-Key', 'If-Match'],
    answers: { 202: acceptedAnswer(route) },
    problems: [
      'validation-failed',
      ...rejections,
      'concurrent-update',
      'version-mismatch',
      'idempotency-key-reused',
      // A command without data may be sent with a body, `{}`
      ...BODY_PROBLEMS,
    ],
  };
}

/** The part of an envelope that the client sends. */
type SentCommand = Omit<CommandEnvelope, 'actor' | 'expectedVersion' | 'newAggregateId' | 'receivedAt' | 'traceparent'>;

/** Dispatches the command in a request. */
export async function dispatchCall(
  app: DispatchingApp,
  call: AuthenticatedCall,
  read: (call: AuthenticatedCall) => Promise<SentCommand>,
): Promise<HttpResponseInit> {
  const { bus } = await app.services();
  const { newId, now } = app.runtime;
  const { request, context, actor } = call;
  const answer = await bus.dispatch({
    ...(await read(call)),
    actor,
    expectedVersion: expectedVersion(request),
    newAggregateId: newId(),
    receivedAt: new Date(now()).toISOString(),
    traceparent: validTraceparent(context.traceContext?.traceParent),
  });
  return acceptedResponse(answer);
}
