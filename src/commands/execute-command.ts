import { randomUUID } from 'node:crypto';
import { app } from '@azure/functions';
import { z } from 'zod';
import { endpoint } from '../shared/http/endpoint.ts';
import { identifier } from '../shared/http/identifiers.ts';
import { readJsonBody } from '../shared/http/json-body.ts';
import { validate } from '../shared/http/validate.ts';
import { dispatchCall, idempotencyKey } from './command-endpoint.ts';
import { textLine } from './text-fields.ts';

/** A whole command as JSON. */
export const commandEnvelope = z.strictObject({
  commandId: identifier.optional(),
  commandType: z.string().max(64),
  /** When the client made it; for its own records, the server's clock decides. */
  timestamp: z.iso.datetime({ offset: true }).optional(),
  aggregateId: identifier.optional(),
  data: z.record(z.string(), z.unknown()).default({}),
  metadata: z.strictObject({ correlationId: textLine.optional(), clientId: textLine.optional() }).default({}),
});

/** Takes any command as an envelope, through the same bus as the commands' own routes. */
app.http('executeCommand', {
  methods: ['POST'],
  route: 'commands',
  authLevel: 'anonymous',
  handler: endpoint((call) =>
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
});
