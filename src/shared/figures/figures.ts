import type { Durations } from './durations.ts';

/** The apps that keep figures. */
export const APPS = ['commands', 'sync', 'queries'] as const;
export type App = (typeof APPS)[number];

/** The length (ms) of a slice of time, in which an instance counts and measures. */
export const SLICE_MS = 10_000;

/** How long (ms) figures can be read. Azure deletes them a while later; locally, the next ones take their place. */
export const KEPT_MS = 10 * 60_000;

/** What is counted: commands by outcome, queries, pushed changes, and events by the read model that they were projected into. */
export type CountName = 'accepted' | 'replayed' | 'rejected' | 'failed' | 'queries' | 'pushed' | `projected:${string}`;

/** What is timed: commands, queries, and the time from an event to its document. */
export type DurationName = 'command' | 'query' | 'sync';

/** What an instance counted and measured in one slice of time. */
export interface Slice {
  /** Its beginning, in milliseconds since 1970. */
  readonly at: number;
  readonly counts: Readonly<Partial<Record<CountName, number>>>;
  readonly durations: Readonly<Partial<Record<DurationName, Durations>>>;
}

/** The outbox, as the relay last found it. */
export interface OutboxFigures {
  /** Age (ms) of the oldest event that is committed but not published. */
  readonly oldestMs: number;
  readonly events: number;
  /** Events that are set aside, and those that wait for them. */
  readonly held: number;
}

/** The figures of one instance of an app in one minute: a document that the instance replaces while the minute lasts. */
export interface FiguresDocument {
  readonly id: string;
  readonly app: App;
  readonly instance: string;
  /** When the minute began, in milliseconds since 1970. */
  readonly minute: number;
  /** When the document was written, in milliseconds since 1970. */
  readonly writtenAt: number;
  readonly slices: readonly Slice[];
  readonly outbox?: OutboxFigures;
}
