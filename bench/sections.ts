import type { Effort } from './measuring/rounds.ts';
import type { Figure } from './report/figure.ts';

/** Measures a part of the report. */
export type Section = (effort: Effort) => Promise<readonly Figure[]>;

/** The sections in the order of the report. What a section needs is loaded when it runs, in a process of its own. */
export const SECTIONS: ReadonlyMap<string, () => Promise<Section>> = new Map([
  ['command-counts', async () => (await import('./sections/counts.ts')).commandCounts],
  ['projection-counts', async () => (await import('./sections/counts.ts')).projectionCounts],
  ['query-counts', async () => (await import('./sections/counts.ts')).queryCounts],
  ['replay-counts', async () => (await import('./sections/counts.ts')).replayCounts],
  ['search-counts', async () => (await import('./sections/counts.ts')).searchCounts],
  ['commands', async () => (await import('./sections/commands.ts')).commandFigures],
  ['latency', async () => (await import('./sections/latency.ts')).latencyFigures],
  ['queries', async () => (await import('./sections/queries.ts')).queryFigures],
  ['projections', async () => (await import('./sections/projections.ts')).projectionFigures],
  ['lag', async () => (await import('./sections/lag.ts')).lagFigures],
  ['replay', async () => (await import('./replay-rates.ts')).replayFigures],
  ['capacity', async () => (await import('./capacity-agreement.ts')).capacityFigures],
  ['idle', async () => (await import('./sections/idle.ts')).idleFigures],
  ['cold-start', async () => (await import('./sections/cold-start.ts')).coldStartFigures],
  ['start', async () => (await import('./sections/start.ts')).startFigures],
  ['growth', async () => (await import('./sections/growth.ts')).growthFigures],
  ['peers', async () => (await import('./sections/peers.ts')).peerFigures],
]);
