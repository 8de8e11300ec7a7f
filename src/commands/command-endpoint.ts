import { randomUUID } from 'node:crypto';
import type { HttpHandler, HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { type Call, endpoint } from '../shared/http/endpoint.ts';
import { identifier } from '../shared/http/identifiers.ts';
import { readJsonBody } from '../shared/http/json-body.ts';
import { validate } from '../shared/http/validate.ts';
import type { CommandAnswer } from './bus/command.ts';
import { runtime } from './runtime.ts';

/** If-Match as the contract has it: one version in quotes, as it came in an ETag (RFC 9110, section 13.1.1). */
const ifMatch = z
  .string()
  .regex(/^(W\/)?"\d{1,9}"$/, 'must be one version in quotes, such as "3"')
  .transform((value) => Number(/\d+/.exec(value)?.[0]));

/** The HTTP function of one command type: authenticates, reads the envelope, dispatches it, answers 202. */
export function commandEndpoint(commandType: string): HttpHandler {
  return endpoint(async (call) => {
    const { authenticate, bus } = await runtime();
    const { headers } = call.request;
    const actor = await authenticate(headers.get('authorization'));
    const key = headers.get('idempotency-key');
    const expected = headers.get('if-match');
    const answer = await bus.dispatch({
      commandId: key === null ? randomUUID() : validate(identifier, key, 'Idempotency-Key'),
      commandType,
      data: await readJsonBody(call.request),
      expectedVersion: expected === null ? undefined : validate(ifMatch, expected, 'If-Match'),
      actor,
      receivedAt: new Date().toISOString(),
      ...origin(call),
    });
    return accepted(answer);
  });
}

function origin({ context, correlationId }: Call) {
  return { correlationId, traceparent: context.traceContext?.traceParent || undefined, source: 'http' };
}

/** Where a client reads what it has changed, and under which name the answer gives its id. */
const AGGREGATES = {
  Order: { idName: 'orderId', location: (id: string) => `/api/orders/${id}` },
  Customer: { idName: 'customerId', location: (id: string) => `/api/customers/${id}/summary` },
  Product: { idName: 'productId', location: undefined },
} as const;

function accepted({ result, replayed }: CommandAnswer): HttpResponseInit {
  const { commandId, aggregateType, aggregateId, version } = result;
  const { idName, location } = AGGREGATES[aggregateType];
  return {
    status: 202,
    headers: {
      etag: `"${version}"`,
      ...(location !== undefined && { location: location(encodeURIComponent(aggregateId)) }),
      ...(replayed && { 'idempotency-replayed': 'true' }),
    },
    jsonBody: { commandId, [idName]: aggregateId, version, status: 'accepted' },
  };
}
