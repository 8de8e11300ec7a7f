import * as z from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { commandOperation } from '../../shared/http/authenticated-operation.ts';
import { identifier } from '../../shared/http/identifiers.ts';
import { readJsonBody } from '../../shared/http/json-body.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { atMost } from '../../shared/http/text-limit.ts';
import { validate } from '../../shared/http/validate.ts';
import type { DispatchingApp } from '../app.ts';
import { describeCommand, dispatchCall } from './command-endpoint.ts';
import { textLine } from './fields.ts';
import { idempotencyKey, idempotencyKeyHeader } from './idempotency-key.ts';

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A command envelope as JSON. */
const commandEnvelope = z.strictObject({
  commandId: idempotencyKey.describe('Idempotency key. Takes precedence over the Idempotency-Key header.').optional(),
  commandType: atMost(z.string(), 64),
  timestamp: z.iso
    .datetime({ offset: true })
    .describe("When the client created the command, for the client's own records. The server uses its own clock.")
    .optional(),
  aggregateId: identifier.describe('The id of the aggregate to change or to create.').optional(),
  // A record would drop a key "__proto__", which the command's own schema refuses.
  data: z.unknown().refine(isObject, 'must be an object').default({}),
  metadata: z.strictObject({ correlationId: textLine.optional(), clientId: textLine.optional() }).default({}),
});

const example = {
  commandId: 'example-executeCommand',
  commandType: 'PlaceOrder',
  timestamp: '2026-01-15T10:30:00Z',
  aggregateId: '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e03',
  data: {
    customerId: 'c1',
    items: [{ productId: 'p1', quantity: 1 }],
    shippingAddress: { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' },
  },
  metadata: { correlationId: 'correlation-1', clientId: 'web-shop' },
};

/** POST /commands: accepts any command as an envelope and handles it in the same pipeline as the command's own route. */
export function executeCommand(app: DispatchingApp): HttpFunction {
  const { commands } = app;
  const described = describeCommand('commands', [...new Set(commands.flatMap(({ rejections }) => rejections))]);
  const operation: Operation = {
    ...described,
    name: 'executeCommand',
    method: 'POST',
    summary: 'Executes any command, sent as an envelope. `data` is the request body of the command’s own route.',
    roles: [...new Set(commands.flatMap(({ roles }) => roles))],
    body: {
      schema: commandEnvelope.extend({
        commandType: z.enum(commands.map(({ type }) => type)),
        data: z.union(commands.map(({ schema }) => schema)).optional(),
      }),
      examples: { PlaceOrder: example },
    },
    problems: [...described.problems, 'unknown-command'],
  };
  return commandOperation(app, operation, (call) =>
    dispatchCall(app, call, async ({ request }) => {
      const { timestamp: _, metadata, ...sent } = validate(commandEnvelope, await readJsonBody(request));
      return {
        commandType: sent.commandType,
        aggregateId: sent.aggregateId,
        data: sent.data,
        commandId: sent.commandId ?? idempotencyKeyHeader(request) ?? app.runtime.newId(),
        correlationId: metadata.correlationId ?? call.correlationId,
        source: metadata.clientId ?? 'http',
      };
    }),
  );
}
