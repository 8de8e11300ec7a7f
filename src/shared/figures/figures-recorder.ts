import type { Attributes } from '@opentelemetry/api';
import type { Clock } from '../runtime.ts';
import { bucketOf } from './durations.ts';
import type { FiguresDocument, Slice } from './figures.ts';
import { type App, type CountName, type DurationName, type OutboxFigures, SLICE_MS } from './figures.ts';

const MINUTE_MS = 60_000;
/** Minutes after which an instance writes to the same document again: more than can be read. */
const DOCUMENTS = 12;

/** Codes of commands that failed through no fault of the caller. */
const FAILURES: readonly unknown[] = ['internal-error', 'unavailable', 'read-model-behind'];
/** A type of command, rather than the name of another operation that is measured as a command. */
const COMMAND_TYPE = /^[A-Z]/;
/** Queries that wait for something to happen. Their duration says nothing. */
const LONG_POLLS: readonly unknown[] = ['getOrderChanges'];

interface MutableSlice {
  readonly at: number;
  readonly counts: Partial<Record<CountName, number>>;
  readonly durations: Partial<Record<DurationName, Record<string, number>>>;
}

/** Adds up the measurements of one instance of an app, minute by minute. */
export class FiguresRecorder {
  readonly #app: App;
  readonly #instance: string;
  readonly #now: Clock['now'];
  #slices: MutableSlice[] = [];
  #outbox: OutboxFigures | undefined;
  #changed = false;

  constructor(app: App, instance: string, { now }: Pick<Clock, 'now'>) {
    this.#app = app;
    this.#instance = instance;
    this.#now = now;
  }

  /** Whether anything was recorded since the last call of `document`. */
  get changed(): boolean {
    return this.#changed;
  }

  /** Takes a measurement of a metric. Most metrics are not part of the figures. */
  record(metric: string, value: number, attributes: Attributes): void {
    const { command, outcome, query, read_model: readModel } = attributes;
    const isCommand = COMMAND_TYPE.test(String(command));
    if (metric === 'cqrs.commands' && isCommand) this.#count(outcomeOf(outcome), value);
    else if (metric === 'cqrs.command_duration' && isCommand) this.#time('command', value);
    else if (metric === 'cqrs.query_duration' && this.#app === 'queries') this.#recordQuery(query, value);
    else if (metric === 'cqrs.sync_lag') this.#recordProjection(String(readModel), value);
    else if (metric === 'cqrs.pushed_changes') this.#count('pushed', value);
    else if (metric.startsWith('cqrs.outbox_')) this.#recordOutbox(metric, value);
  }

  /** The documents to write now: that of this minute, and that of the last one until it has been written as a whole. */
  documents(): readonly FiguresDocument[] {
    const writtenAt = this.#now();
    const minute = minuteOf(writtenAt);
    const minutes = [...new Set([...this.#slices.map(({ at }) => minuteOf(at)), minute])];
    const documents = minutes.map((of) => this.#document(of, writtenAt));
    this.#slices = this.#slices.filter(({ at }) => minuteOf(at) === minute);
    this.#changed = false;
    return documents;
  }

  #document(minute: number, writtenAt: number): FiguresDocument {
    const slices: readonly Slice[] = this.#slices.filter(({ at }) => minuteOf(at) === minute);
    return {
      id: `${this.#instance}-${(minute / MINUTE_MS) % DOCUMENTS}`,
      app: this.#app,
      instance: this.#instance,
      minute,
      writtenAt,
      slices: structuredClone(slices),
      ...(this.#outbox !== undefined && { outbox: this.#outbox }),
    };
  }

  #recordQuery(query: unknown, ms: number): void {
    this.#count('queries', 1);
    if (!LONG_POLLS.includes(query)) this.#time('query', ms);
  }

  #recordProjection(readModel: string, ms: number): void {
    this.#count(`projected:${readModel}`, 1);
    this.#time('sync', ms);
  }

  #recordOutbox(metric: string, value: number): void {
    const before = this.#outbox ?? { oldestMs: 0, events: 0, held: 0 };
    const after = {
      oldestMs: metric === 'cqrs.outbox_age' ? value : before.oldestMs,
      events: metric === 'cqrs.outbox_size' ? value : before.events,
      held: metric === 'cqrs.outbox_held' ? value : before.held,
    };
    if (JSON.stringify(after) !== JSON.stringify(this.#outbox)) this.#changed = true;
    this.#outbox = after;
  }

  #count(name: CountName, value: number): void {
    const { counts } = this.#slice();
    counts[name] = (counts[name] ?? 0) + value;
  }

  #time(name: DurationName, ms: number): void {
    const { durations } = this.#slice();
    const buckets = durations[name] ?? {};
    durations[name] = buckets;
    const bucket = bucketOf(ms);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }

  #slice(): MutableSlice {
    this.#changed = true;
    const at = Math.floor(this.#now() / SLICE_MS) * SLICE_MS;
    const last = this.#slices.at(-1);
    if (last?.at === at) return last;
    const slice: MutableSlice = { at, counts: {}, durations: {} };
    this.#slices.push(slice);
    return slice;
  }
}

const minuteOf = (time: number): number => Math.floor(time / MINUTE_MS) * MINUTE_MS;

function outcomeOf(outcome: unknown): CountName {
  if (outcome === 'accepted' || outcome === 'replayed') return outcome;
  return FAILURES.includes(outcome) ? 'failed' : 'rejected';
}
