import * as z from 'zod';

/** One event type: the data of its current version, and the upcasters from past versions. */
export interface EventDefinition {
  /** Version of the whole event's schema: 1, 2, … */
  readonly version: number;
  readonly data: z.ZodType;
  /** One for each version before the current one, version 1 first. */
  readonly upcasters?: readonly Upcaster[];
}

/** A version of an event that is no longer published but still stored. */
export interface Upcaster {
  /** The schema of that version. Its JSON Schema stays published. */
  readonly schema: z.ZodType;
  /** Returns the event in the next version, or why it does not match this version's schema. Pure. */
  readonly upcast: (event: unknown) => Upcast;
}

export type Upcast =
  | { readonly kind: 'upcast'; readonly event: unknown }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Creates an upcaster from the schema of a past version and a pure function that converts it to the next version. */
export function upcaster<Schema extends z.ZodType>(
  schema: Schema,
  toNext: (event: z.output<Schema>) => object,
): Upcaster {
  return {
    schema,
    upcast: (event) => {
      const parsed = schema.safeParse(event);
      if (parsed.success) return { kind: 'upcast', event: toNext(parsed.data) };
      return { kind: 'invalid', reason: z.prettifyError(parsed.error) };
    },
  };
}

/** The data of each event in a table of definitions, by event type. */
export type EventDataOf<Definitions extends Readonly<Record<string, EventDefinition>>> = {
  readonly [Type in keyof Definitions]: z.output<Definitions[Type]['data']>;
};

/** The union of a table's events as a decider returns them: event type and data. */
export type EventOf<Data> = {
  readonly [Type in keyof Data]: { readonly eventType: Type; readonly data: Data[Type] };
}[keyof Data];
