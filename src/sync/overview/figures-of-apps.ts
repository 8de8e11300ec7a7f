import type { Database } from '@azure/cosmos';
import { READ_MODELS } from '../../shared/event-hubs/hub.ts';
import { addCounts, percentilesOf } from '../../shared/figures/durations.ts';
import {
  APPS,
  type App,
  type CountName,
  type DurationName,
  type FiguresDocument,
  KEPT_MS,
  type OutboxFigures,
  SLICE_MS,
  type Slice,
} from '../../shared/figures/figures.ts';
import { APP_FIGURES } from '../../shared/read-models/containers.ts';
import { readAll, toQuery } from '../../shared/read-models/paging.ts';

/** An instance that has written within this time (ms) runs: it writes at least twice a minute. */
const RUNNING_MS = 45_000;
/** Time (ms) until every instance has written a slice that is over. */
const SETTLED_MS = 6_000;

/** The figures of all instances of all apps. */
export interface Figures {
  readonly apps: readonly { readonly app: App; readonly instances: number; readonly lastSeen?: string }[];
  readonly history: readonly HistoryPoint[];
  readonly outbox?: OutboxFigures & { readonly asOf: string };
}

interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

/** What happened in ten seconds. */
export interface HistoryPoint {
  readonly at: string;
  readonly commands: Readonly<Record<'accepted' | 'replayed' | 'rejected' | 'failed', number>>;
  readonly commandMs?: Percentiles;
  readonly queries: number;
  readonly queryMs?: Percentiles;
  readonly projected: Readonly<Record<string, number>>;
  readonly syncMs?: Percentiles;
  readonly pushed: number;
}

/** Reads the figures of the last ten minutes: one request. */
export async function readFigures(database: Database, now: number): Promise<Figures> {
  const documents = await readAll<FiguresDocument>(
    database.container(APP_FIGURES.name),
    toQuery('SELECT * FROM c WHERE c.minute >= @from', [['@from', now - KEPT_MS]]),
  );
  return addUp(documents, now);
}

/** Adds up the documents of all instances. The history has every ten seconds, the oldest first, and ends with the last that all have written. */
export function addUp(documents: readonly FiguresDocument[], now: number): Figures {
  const slices = Map.groupBy(
    documents.flatMap((document) => document.slices),
    ({ at }) => at,
  );
  const end = Math.floor((now - SETTLED_MS) / SLICE_MS) * SLICE_MS;
  const times = Array.from({ length: KEPT_MS / SLICE_MS }, (_, index) => end - KEPT_MS + index * SLICE_MS);
  const outbox = outboxOf(documents);
  return {
    apps: APPS.map((app) => appOf(app, documents, now)),
    history: times.map((at) => pointOf(at, slices.get(at) ?? [])),
    ...(outbox !== undefined && { outbox }),
  };
}

function appOf(app: App, documents: readonly FiguresDocument[], now: number): Figures['apps'][number] {
  const own = documents.filter((document) => document.app === app);
  const running = own.filter(({ writtenAt }) => now - writtenAt <= RUNNING_MS);
  const last = latest(own);
  return {
    app,
    instances: new Set(running.map(({ instance }) => instance)).size,
    ...(last !== undefined && { lastSeen: new Date(last.writtenAt).toISOString() }),
  };
}

function outboxOf(documents: readonly FiguresDocument[]): Figures['outbox'] {
  const last = latest(documents.filter(({ outbox }) => outbox !== undefined));
  if (last?.outbox === undefined) return undefined;
  return { ...last.outbox, asOf: new Date(last.writtenAt).toISOString() };
}

const latest = (documents: readonly FiguresDocument[]): FiguresDocument | undefined =>
  documents.toSorted((a, b) => b.writtenAt - a.writtenAt)[0];

function pointOf(at: number, slices: readonly Slice[]): HistoryPoint {
  const counts = addCounts(slices.map((slice) => slice.counts));
  const count = (name: CountName) => counts[name] ?? 0;
  const time = (name: DurationName) => percentilesOf(addCounts(slices.map(({ durations }) => durations[name] ?? {})));
  const [commandMs, queryMs, syncMs] = [time('command'), time('query'), time('sync')];
  return {
    at: new Date(at).toISOString(),
    commands: {
      accepted: count('accepted'),
      replayed: count('replayed'),
      rejected: count('rejected'),
      failed: count('failed'),
    },
    ...(commandMs !== undefined && { commandMs }),
    queries: count('queries'),
    ...(queryMs !== undefined && { queryMs }),
    projected: Object.fromEntries(READ_MODELS.map((readModel) => [readModel, count(`projected:${readModel}`)])),
    ...(syncMs !== undefined && { syncMs }),
    pushed: count('pushed'),
  };
}
