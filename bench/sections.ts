import type { Effort } from './measuring/rounds.ts';
import type { Figure } from './report/figure.ts';

/** A part of the report. */
export interface Section {
  /** Loads what measures it, for a process of its own. */
  readonly load: () => Promise<(effort: Effort) => Promise<readonly Figure[]>>;
  /** False: too slow for a quick run. */
  readonly quick?: false;
  /** True: not in the usual run. */
  readonly onlyFull?: true;
}

/** The sections in the order of the report. */
export const SECTIONS: ReadonlyMap<string, Section> = new Map<string, Section>([
  ['command-counts', { load: async () => (await import('./sections/counts.ts')).commandCounts }],
  ['projection-counts', { load: async () => (await import('./sections/counts.ts')).projectionCounts }],
  ['query-counts', { load: async () => (await import('./sections/counts.ts')).queryCounts }],
  ['replay-counts', { load: async () => (await import('./sections/counts.ts')).replayCounts, quick: false }],
  ['search-counts', { load: async () => (await import('./sections/counts.ts')).searchCounts, quick: false }],
  ['commands', { load: async () => (await import('./sections/commands.ts')).commandFigures }],
  ['latency', { load: async () => (await import('./sections/latency.ts')).latencyFigures }],
  ['queries', { load: async () => (await import('./sections/queries.ts')).queryFigures }],
  ['projections', { load: async () => (await import('./sections/projections.ts')).projectionFigures }],
  ['lag', { load: async () => (await import('./sections/lag.ts')).lagFigures }],
  ['replay', { load: async () => (await import('./replay-rates.ts')).replayFigures, quick: false, onlyFull: true }],
  [
    'capacity',
    { load: async () => (await import('./capacity-agreement.ts')).capacityFigures, quick: false, onlyFull: true },
  ],
  ['idle', { load: async () => (await import('./sections/idle.ts')).idleFigures, quick: false }],
  ['cold-start', { load: async () => (await import('./sections/cold-start.ts')).coldStartFigures }],
  ['start', { load: async () => (await import('./sections/start.ts')).startFigures, quick: false }],
  ['growth', { load: async () => (await import('./sections/growth.ts')).growthFigures }],
  ['peers', { load: async () => (await import('./sections/peers.ts')).peerFigures, quick: false }],
]);
