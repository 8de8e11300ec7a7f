import { isUtf8 } from 'node:buffer';
import type { InvocationContext } from '@azure/functions';
import * as z from 'zod';
import { ALL_READ_MODELS } from '../replay/replay.ts';
import type { ReceivedEvent } from './projector.ts';

/**
 * A whole number in the trigger's metadata. Some Node workers pass 64-bit numbers as Long objects
 * (https://github.com/Azure/azure-functions-nodejs-worker/issues/844), and text is safe for any of them.
 */
const wholeNumber = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
  z.object({ low: z.int(), high: z.int() }).transform(({ low, high }) => high * 2 ** 32 + (low >>> 0)),
]);

/** Application properties that a replay gives its events; live events have none. Unknown values must not fail a batch. */
const properties = z
  .object({ readModel: z.string().catch(ALL_READ_MODELS), traceparent: z.string().optional().catch(undefined) })
  .catch({ readModel: ALL_READ_MODELS });
export type EventProperties = z.output<typeof properties>;

const partition = z.object({ partitionContext: z.object({ partitionId: z.coerce.string() }) });

/**
 * The trigger's metadata: https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-hubs-trigger#event-metadata
 * (of a batch, each name ends in Array).
 */
const metadata = partition.extend({
  sequenceNumberArray: z.array(wholeNumber),
  enqueuedTimeUtcArray: z.array(z.coerce.date()),
  propertiesArray: z.array(properties),
});

const bodiesOfBatch = z.array(z.instanceof(Buffer));

/** An event with the time at which the hub received it. */
export interface EnqueuedEvent extends ReceivedEvent {
  readonly enqueuedAt: Date;
  /** W3C trace context of the replay that has sent it; undefined for a live event. */
  readonly traceparent: string | undefined;
}

/** The partition that a batch comes from; undefined when its metadata do not say. */
export function partitionOf({ triggerMetadata }: InvocationContext): string | undefined {
  return partition.safeParse(triggerMetadata).data?.partitionContext.partitionId;
}

/**
 * A batch as the host passes it, with the position and time of each event. Throws an Error that says what cannot be understood.
 * @param isWanted events that are not wanted are left out without being read
 */
export function receiveBatch(
  bodies: unknown,
  { triggerMetadata }: InvocationContext,
  isWanted: (properties: EventProperties) => boolean = () => true,
): readonly EnqueuedEvent[] {
  const { partitionContext, ...arrays } = parse(metadata, triggerMetadata, 'The metadata of the batch');
  const { partitionId } = partitionContext;
  return parse(bodiesOfBatch, bodies, 'The bodies of the batch').flatMap((bytes, index) => {
    const sequenceNumber = arrays.sequenceNumberArray[index];
    const enqueuedAt = arrays.enqueuedTimeUtcArray[index];
    const ofEvent = arrays.propertiesArray[index];
    if (sequenceNumber === undefined || enqueuedAt === undefined || ofEvent === undefined) {
      throw new Error(`The metadata of the batch describe fewer events than there are: event ${index} is missing.`);
    }
    const { traceparent } = ofEvent;
    return isWanted(ofEvent) ? [{ body: toText(bytes), partitionId, sequenceNumber, enqueuedAt, traceparent }] : [];
  });
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${what} cannot be understood: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** A body that is not UTF-8 is kept as a data URL (RFC 2397), so that a dead letter loses no byte of it. */
function toText(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString() : `data:;base64,${bytes.toString('base64')}`;
}
