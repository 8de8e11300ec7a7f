import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { endpoint } from '../../shared/http/endpoint.ts';
import { identifier } from '../../shared/http/identifiers.ts';
import { readJsonBody } from '../../shared/http/json-body.ts';
import { httpFunction } from '../../shared/http/operation.ts';
import { validate } from '../../shared/http/validate.ts';
import { commands } from '../functions.ts';
import { commandOperation, dispatchCall, idempotencyKey } from './command-endpoint.ts';
import { textLine } from './text-fields.ts';

/** A whole command as JSON. */
const commandEnvelope = z.strictObject({
  commandId: identifier.describe('The idempotency key; it goes before the header.').optional(),
  commandType: z.string().max(64),
  timestamp: z.iso
    .datetime({ offset: true })
    .describe("When the client made it, for the client's own records: the server's clock decides.")
    .optional(),
  aggregateId: identifier.describe('What the command changes, or the id of what it makes.').optional(),
  data: z.record(z.string(), z.unknown()).default({}),
  metadata: z.strictObject({ correlationId: textLine.optional(), clientId: textLine.optional() }).default({}),
});

const example = {
  commandId: 'command-1',
  commandType: 'PlaceOrder',
  timestamp: '2026-01-15T10:30:00Z',
  aggregateId: 'order-3',
  data: {
    customerId: 'customer-1',
    items: [{ productId: 'product-1', quantity: 1 }],
    shippingAddress: { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' },
  },
  metadata: { correlationId: 'correlation-1', clientId: 'web-shop' },
};

const described = commandOperation('commands', [...new Set(commands.flatMap(({ rejections }) => rejections))]);

const operation = {
  ...described,
  name: 'executeCommand',
  method: 'POST' as const,
  summary: "Takes any command as an envelope; its data are the body of the command's own route.",
  roles: [...new Set(commands.flatMap(({ roles }) => roles))],
  body: {
    schema: commandEnvelope.extend({
      commandType: z.enum(commands.map(({ type }) => type)),
      data: z.union(commands.map(({ schema }) => schema)).optional(),
    }),
    examples: { PlaceOrder: example },
  },
  problems: [...described.problems, 'unknown-command'] as const,
};

httpFunction(
  operation,
  endpoint((call) =>
    dispatchCall(call, async () => {
      const { timestamp: _, metadata, ...sent } = validate(commandEnvelope, await readJsonBody(call.request));
      return {
        commandType: sent.commandType,
        aggregateId: sent.aggregateId,
        data: sent.data,
        commandId: sent.commandId ?? idempotencyKey(call.request) ?? randomUUID(),
        correlationId: metadata.correlationId ?? call.correlationId,
        source: metadata.clientId ?? 'http',
      };
    }),
  ),
);
