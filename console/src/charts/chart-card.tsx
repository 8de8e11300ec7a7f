import { Suspense, useState } from 'react';
import { formatClock, formatDay } from '../format/times.ts';
import { lazyPart } from '../parts/lazy-part.ts';
import './charts.css';
import type { ChartSeries } from './time-chart.tsx';

const TimeChart = lazyPart(async () => (await import('./time-chart.tsx')).TimeChart);

/** A chart with its title, and its values as text: at the pointer, or the newest. */
export function ChartCard({
  title,
  note,
  times,
  series,
  kind,
  step = 'clock',
  target,
  format,
  formatAxis = format,
}: {
  readonly title: string;
  readonly note: string;
  /** Milliseconds since 1970. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly kind: 'stacked' | 'lines';
  /** What a point is: a moment, or a UTC day. */
  readonly step?: 'clock' | 'day';
  readonly target?: number;
  readonly format: (value: number) => string;
  /** Shorter, for the axis. */
  readonly formatAxis?: (value: number) => string;
}) {
  const [point, setPoint] = useState<number | null>(null);
  const shown = point ?? times.length - 1;
  const time = times[shown];
  return (
    <section className="card chart">
      <header>
        <h2>{title}</h2>
        <span className="small faint">{note}</span>
      </header>
      <Suspense fallback={<div className="chart-canvas" />}>
        <TimeChart
          times={times.map((ms) => ms / 1000)}
          series={series}
          kind={kind}
          step={step}
          {...(target !== undefined && { target })}
          format={formatAxis}
          onPoint={setPoint}
        />
      </Suspense>
      <dl className="legend">
        {series.map(({ name, color, values }) => (
          <div key={name}>
            <dt>
              <i style={{ background: `var(${color})` }} />
              {name}
            </dt>
            <dd>{values[shown] == null ? '–' : format(values[shown])}</dd>
          </div>
        ))}
        <div className="faint">
          <dt>{step === 'day' ? 'on' : 'at'}</dt>
          <dd>{time === undefined ? '–' : (step === 'day' ? formatDay : formatClock)(time)}</dd>
        </div>
      </dl>
    </section>
  );
}
