import { ChartCard } from '../charts/chart-card.tsx';
import { formatCount } from '../format/numbers.ts';
import { formatDuration } from '../format/times.ts';
import { type HistoryPoint, TARGETS } from './overview.ts';

const OUTCOMES = [
  { outcome: 'accepted', name: 'Accepted', color: '--chart-1' },
  { outcome: 'replayed', name: 'Replayed', color: '--chart-2' },
  { outcome: 'rejected', name: 'Rejected', color: '--chart-4' },
  { outcome: 'failed', name: 'Failed', color: '--chart-5' },
] as const;

const LATENCIES = [
  { name: 'commandMs', title: 'Command latency', target: TARGETS.command },
  { name: 'queryMs', title: 'Query latency', target: TARGETS.query },
  { name: 'syncMs', title: 'Event to read model', target: TARGETS.sync },
] as const;

/** The last ten minutes: commands by outcome, and latencies against their targets. */
export function Charts({ history }: { readonly history: readonly HistoryPoint[] }) {
  const times = history.map(({ at }) => Date.parse(at));
  return (
    <div className="charts">
      <ChartCard
        title="Commands by outcome"
        note="per 10 seconds"
        times={times}
        kind="stacked"
        format={formatCount}
        series={OUTCOMES.map(({ outcome, name, color }) => ({
          name,
          color,
          values: history.map(({ commands }) => commands[outcome]),
        }))}
      />
      {LATENCIES.map(({ name, title, target }) => (
        <ChartCard
          key={name}
          title={title}
          note={`target ${formatDuration(target)}`}
          times={times}
          kind="lines"
          target={target}
          format={formatDuration}
          series={[
            { name: 'p50', color: '--chart-3', values: history.map((point) => point[name]?.p50 ?? null) },
            { name: 'p95', color: '--chart-1', values: history.map((point) => point[name]?.p95 ?? null) },
          ]}
        />
      ))}
    </div>
  );
}
