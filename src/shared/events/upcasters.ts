import { z } from 'zod';
import { type EventType, SCHEMA_VERSIONS } from './envelope.ts';
import { orderPlacedV1, orderPlacedV1ToV2 } from './order-placed-v1.ts';

/** A version of an event that is no longer published, but stored. */
export interface PastVersion {
  /** What such an event looks like; its JSON Schema stays published. */
  readonly schema: z.ZodType;
  /** The event as the next version has it, or why it is none of this version. Pure. */
  readonly upcast: (event: unknown) => Upcast;
}

export type Upcast =
  | { readonly kind: 'upcast'; readonly event: unknown }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Past versions by the type of event: version 1 first, without a gap up to the current one. */
const PAST_VERSIONS: { readonly [Type in EventType]?: readonly PastVersion[] } = {
  OrderPlaced: [pastVersion(orderPlacedV1, orderPlacedV1ToV2)],
};

function pastVersion<Schema extends z.ZodType>(
  schema: Schema,
  toNext: (event: z.output<Schema>) => object,
): PastVersion {
  return {
    schema,
    upcast: (event) => {
      const parsed = schema.safeParse(event);
      if (parsed.success) return { kind: 'upcast', event: toNext(parsed.data) };
      return { kind: 'invalid', reason: z.prettifyError(parsed.error) };
    },
  };
}

/** The versions of an event before the current one, version 1 first. */
export function pastVersionsOf(eventType: EventType): readonly PastVersion[] {
  return PAST_VERSIONS[eventType] ?? [];
}

/**
 * Brings an event from the version it was stored in to the current one, a version at a time. The current version comes back as
 * it is, unchecked.
 */
export function upcast(eventType: EventType, schemaVersion: unknown, event: unknown): Upcast {
  const current = SCHEMA_VERSIONS[eventType];
  if (
    typeof schemaVersion !== 'number' ||
    !Number.isInteger(schemaVersion) ||
    schemaVersion < 1 ||
    schemaVersion > current
  ) {
    const reason = `its schemaVersion is ${JSON.stringify(schemaVersion)}, and only 1 to ${current} are known here`;
    return { kind: 'invalid', reason };
  }
  let result: Upcast = { kind: 'upcast', event };
  for (const step of pastVersionsOf(eventType).slice(schemaVersion - 1)) {
    if (result.kind === 'upcast') result = step.upcast(result.event);
  }
  return result;
}
