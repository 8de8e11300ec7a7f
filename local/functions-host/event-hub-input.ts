import type { PartitionContext, ReceivedEventData } from '@azure/event-hubs';
import type { InvocationRequest, RetryContext, TypedData } from './core-types.ts';
import type { EventHubBinding } from './event-hub-binding.ts';

/** The partition that an invocation's events come from. */
export type EventSource = Pick<
  PartitionContext,
  'fullyQualifiedNamespace' | 'eventHubName' | 'consumerGroup' | 'partitionId'
>;

/**
 * Builds the input of a function from a batch of events, or from a single event with cardinality `one`.
 * Metadata: https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-hubs-trigger#event-metadata
 * @throws {SyntaxError} when the trigger has no `dataType` and an event is not JSON. The whole batch fails.
 */
export function eventHubRequest(
  binding: EventHubBinding,
  source: EventSource,
  events: readonly ReceivedEventData[],
  retryContext: RetryContext | undefined,
): InvocationRequest {
  const many = binding.cardinality === 'many';
  const data = many ? batchData(binding, events) : singleData(binding, events[0]);
  return {
    inputData: [{ name: binding.bindingName, data }],
    triggerMetadata: {
      PartitionContext: json(partitionContext(source)),
      ...(many ? batchMetadata(events) : singleMetadata(events[0])),
    },
    ...(retryContext && { retryContext }),
  };
}

function batchData({ dataType }: EventHubBinding, events: readonly ReceivedEventData[]): TypedData {
  if (dataType === 'binary') return { collectionBytes: { bytes: events.map(bodyBytes) } };
  const texts = events.map((event) => bodyBytes(event).toString('utf8'));
  return dataType === 'string'
    ? { collectionString: { string: texts } }
    : { json: JSON.stringify(texts.map(parseJson)) };
}

function singleData({ dataType }: EventHubBinding, event: ReceivedEventData | undefined): TypedData {
  if (event === undefined) throw new Error('An invocation needs an event.');
  const bytes = bodyBytes(event);
  if (dataType === 'binary') return { bytes };
  const text = bytes.toString('utf8');
  return dataType === 'string' ? { string: text } : { json: JSON.stringify(parseJson(text)) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(
      "Binding parameters to complex objects uses JSON serialization. Set the binding's dataType to 'string' or 'binary' " +
        `to avoid it. The event is not JSON: ${text.slice(0, 100)}`,
      { cause },
    );
  }
}

/** The consumer returns a body of AMQP data sections as bytes, and an AMQP value decoded. */
function bodyBytes({ body }: ReceivedEventData): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? null));
}

function partitionContext({ fullyQualifiedNamespace, eventHubName, consumerGroup, partitionId }: EventSource) {
  return {
    FullyQualifiedNamespace: fullyQualifiedNamespace,
    EventHubName: eventHubName,
    ConsumerGroup: consumerGroup,
    PartitionId: partitionId,
    IsCheckpointingAfterInvocation: true,
  };
}

function batchMetadata(events: readonly ReceivedEventData[]): Record<string, TypedData> {
  const metadata = events.map(eventMetadata);
  return {
    PartitionKeyArray: json(metadata.map((event) => event.PartitionKey)),
    OffsetArray: json(metadata.map((event) => event.Offset)),
    SequenceNumberArray: json(metadata.map((event) => event.SequenceNumber)),
    EnqueuedTimeUtcArray: json(metadata.map((event) => event.EnqueuedTimeUtc)),
    PropertiesArray: json(metadata.map((event) => event.Properties)),
    SystemPropertiesArray: json(metadata.map((event) => event.SystemProperties)),
  };
}

function singleMetadata(event: ReceivedEventData | undefined): Record<string, TypedData> {
  if (event === undefined) return {};
  return Object.fromEntries(Object.entries(eventMetadata(event)).map(([name, value]) => [name, json(value)]));
}

function eventMetadata(event: ReceivedEventData) {
  const position = {
    PartitionKey: event.partitionKey ?? null,
    Offset: event.offset,
    SequenceNumber: event.sequenceNumber,
    EnqueuedTimeUtc: event.enqueuedTimeUtc,
  };
  return {
    ...position,
    Properties: event.properties ?? {},
    SystemProperties: { ...event.systemProperties, ...position },
  };
}

function json(value: unknown): TypedData {
  return { json: JSON.stringify(value ?? null) };
}
