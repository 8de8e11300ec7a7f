/**
 * What a client with a JSON subprotocol may send:
 * https://learn.microsoft.com/azure/azure-web-pubsub/reference-json-reliable-webpubsub-subprotocol#requests
 */
import { z } from 'zod';
import type { MessageData } from './message.ts';
import { isGroupName } from './names.ts';

const ackId = z.int().nonnegative().optional();
const group = z.string().refine(isGroupName);

/** `data` belongs to `dataType`; json is the default and may be anything but null. */
const messageData = z.union([
  z
    .object({ dataType: z.literal('text'), data: z.string() })
    .transform(({ data }): MessageData => ({ dataType: 'text', text: data })),
  z
    .object({ dataType: z.literal('binary'), data: z.base64() })
    .transform(({ data }): MessageData => ({ dataType: 'binary', bytes: Buffer.from(data, 'base64') })),
  z
    .object({
      dataType: z.literal('json').optional(),
      data: z.unknown().refine((data) => data !== undefined && data !== null),
    })
    .transform(({ data }): MessageData => ({ dataType: 'json', json: JSON.stringify(data) })),
]);

const sendToGroup = z
  .object({ type: z.literal('sendToGroup'), group, ackId, noEcho: z.boolean().default(false) })
  .extend({ dataType: z.unknown().optional(), data: z.unknown().optional() })
  .transform(({ dataType, data, ...request }, context) => {
    const message = messageData.safeParse({ dataType, data }).data;
    if (message !== undefined) return { ...request, message };
    context.addIssue('The data does not fit the data type.');
    return z.NEVER;
  });

const clientRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('joinGroup'), group, ackId }),
  z.object({ type: z.literal('leaveGroup'), group, ackId }),
  sendToGroup,
  z.object({ type: z.literal('event'), event: z.string(), ackId }),
  z.object({ type: z.literal('sequenceAck'), sequenceId: z.int().nonnegative() }),
  z.object({ type: z.literal('ping') }),
]);

export type ClientRequest = z.output<typeof clientRequest>;

/** @returns undefined when the frame is not a request of the subprotocol */
export function parseClientRequest(frame: string): ClientRequest | undefined {
  try {
    return clientRequest.safeParse(JSON.parse(frame)).data;
  } catch {
    // Not JSON, or nested too deeply.
    return undefined;
  }
}
