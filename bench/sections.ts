import type { Effort } from './measuring/rounds.ts';
import type { Row } from './report/figure.ts';

/** A part of the report. */
export interface Section {
  /** What it measures, for readers of the report. */
  readonly title: string;
  /** Imports its code, which only the process that measures it needs. */
  readonly load: () => Promise<(effort: Effort) => Promise<readonly Row[]>>;
  /** False if it is too slow for a quick run. */
  readonly quick?: false;
  /** True if it only counts or measures CPU time, so that other sections may run at the same time, as they do in a quick run. */
  readonly unaffected?: true;
  /** True if only a full run includes it. */
  readonly onlyFull?: true;
}

const counts = () => import('./sections/counts.ts');

/** The sections in the order of the report. */
export const SECTIONS: ReadonlyMap<string, Section> = new Map<string, Section>([
  [
    'command-counts',
    {
      title: 'round trips of commands, and sizes of events',
      load: async () => (await counts()).commandCounts,
      unaffected: true,
    },
  ],
  [
    'projection-counts',
    {
      title: 'request units of events that are placed, confirmed, shipped and delivered, by read model',
      load: async () => (await counts()).projectionCounts,
      unaffected: true,
    },
  ],
  [
    'query-counts',
    { title: 'request units of queries', load: async () => (await counts()).queryCounts, unaffected: true },
  ],
  [
    'replay-counts',
    {
      title: 'request units of replayed events, by read model',
      load: async () => (await counts()).replayCounts,
      quick: false,
    },
  ],
  [
    'search-counts',
    {
      title: 'request units and requests of searches, by number of orders',
      load: async () => (await counts()).searchCounts,
      quick: false,
    },
  ],
  [
    'commands',
    {
      title:
        'placing orders of five lines, 16 at once: the two store calls (load and commit) alone, then layer by layer',
      load: async () => (await import('./sections/commands.ts')).commandFigures,
    },
  ],
  [
    'latency',
    {
      title: 'round trips that take as long as in the cloud; bench/peers/README.md describes the naive way',
      load: async () => (await import('./sections/latency.ts')).latencyFigures,
    },
  ],
  [
    'queries',
    {
      title: 'reading an order over HTTP and with the SDK of Cosmos DB',
      load: async () => (await import('./sections/queries.ts')).queryFigures,
    },
  ],
  [
    'projections',
    {
      title: 'CPU time of events in batches, and at a constant rate of orders',
      load: async () => (await import('./sections/projections.ts')).projectionFigures,
    },
  ],
  [
    'lag',
    {
      title: 'time from the response to a command until its order can be read',
      load: async () => (await import('./sections/lag.ts')).lagFigures,
    },
  ],
  [
    'profiles',
    {
      title:
        'CPU time by category, and the most expensive functions: placing orders 16 at once, reading orders 16 at once, projecting 15 orders/s',
      load: async () => (await import('./sections/profiles.ts')).profileFigures,
      quick: false,
    },
  ],
  [
    'replay',
    {
      title: 'rate of a replay',
      load: async () => (await import('./replay-rates.ts')).replayFigures,
      quick: false,
      onlyFull: true,
    },
  ],
  [
    'capacity',
    {
      title: 'the system at full load, compared with the capacity model',
      load: async () => (await import('./capacity-agreement.ts')).capacityFigures,
      quick: false,
      onlyFull: true,
    },
  ],
  [
    'idle',
    {
      title: 'CPU time of an idle system',
      load: async () => (await import('./sections/idle.ts')).idleFigures,
      quick: false,
    },
  ],
  [
    'cold-start',
    {
      title: 'CPU time to load an app',
      load: async () => (await import('./sections/cold-start.ts')).coldStartFigures,
      unaffected: true,
    },
  ],
  [
    'start',
    {
      title: 'duration of npm start',
      load: async () => (await import('./sections/start.ts')).startFigures,
      quick: false,
    },
  ],
  [
    'growth',
    {
      title: 'the same operations with more orders',
      load: async () => (await import('./sections/growth.ts')).growthFigures,
      unaffected: true,
    },
  ],
  [
    'peers',
    {
      title: 'other ways to build the same service, which bench/peers/README.md describes',
      load: async () => (await import('./sections/peers.ts')).peerFigures,
      quick: false,
    },
  ],
]);
