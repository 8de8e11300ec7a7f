import type { components } from 'cqrs-orders-client';

export type Overview = components['schemas']['Overview'];
export type HistoryPoint = components['schemas']['HistoryPoint'];
export type ReadModelState = NonNullable<Overview['readModels']>[number];

/** The design targets in milliseconds, which the alerts watch, too. */
export const TARGETS = { command: 100, query: 50, sync: 2_000, freshness: 5_000 } as const;

/** Steps of the history that a rate is the mean of: half a minute. */
const RATE_STEPS = 3;

/** What happens now, per second: the means of the last half minute. Undefined when the figures cannot be read. */
export interface Rates {
  readonly commands: number;
  readonly queries: number;
  readonly pushed: number;
  readonly projected: Readonly<Record<string, number>>;
}

export function ratesOf({ history, stepSeconds }: Overview): Rates | undefined {
  if (history === undefined) return undefined;
  const last = history.slice(-RATE_STEPS);
  const rate = (count: (point: HistoryPoint) => number) =>
    last.reduce((sum, point) => sum + count(point), 0) / (RATE_STEPS * stepSeconds);
  const names = Object.keys(last[0]?.projected ?? {});
  return {
    commands: rate(({ commands }) => totalOf(commands)),
    queries: rate(({ queries }) => queries),
    pushed: rate(({ pushed }) => pushed),
    projected: Object.fromEntries(names.map((name) => [name, rate(({ projected }) => projected[name] ?? 0)])),
  };
}

export const totalOf = ({ accepted, replayed, rejected, failed }: HistoryPoint['commands']): number =>
  accepted + replayed + rejected + failed;

/** The newest measured percentiles, which may be minutes old when nothing happens. */
export function latest(
  history: readonly HistoryPoint[] | undefined,
  name: 'commandMs' | 'queryMs' | 'syncMs',
): { readonly p50: number; readonly p95: number } | undefined {
  return history?.findLast((point) => point[name] !== undefined)?.[name];
}

/**
 * An app of which no instance writes figures, because it is scaled to zero or down, and when one was last seen (ISO 8601). Undefined
 * while it runs.
 */
export function absenceOf(
  { apps }: Overview,
  name: 'commands' | 'queries',
): { readonly since: string | undefined } | undefined {
  const app = apps.find((one) => one.app === name);
  return app !== undefined && app.instances > 0 ? undefined : { since: app?.lastSeen };
}

/** What a person should look at, in words; nothing when all is well. */
export function attentionOf({ dependencies, readModels, deadLetters, outbox }: Overview): readonly string[] {
  return [
    ...dependencies.flatMap(({ dependency, status }) => (status === 'down' ? [`${dependency} is down`] : [])),
    ...(readModels ?? []).flatMap(({ readModel, stalled, lagMs }) => {
      if (stalled !== undefined) return [`${readModel} is stalled`];
      return lagMs > TARGETS.freshness ? [`${readModel} is behind`] : [];
    }),
    ...(deadLetters !== undefined && deadLetters.waiting > 0 ? ['dead letters are waiting'] : []),
    ...(outbox !== undefined && outbox.held > 0 ? ['events are held in the outbox'] : []),
  ];
}
