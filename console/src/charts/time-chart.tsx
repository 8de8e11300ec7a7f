import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface ChartSeries {
  readonly name: string;
  /** A colour of the design, such as `--chart-1`. */
  readonly color: string;
  /** Values by time; null where there is none. */
  readonly values: readonly (number | null)[];
}

export interface TimeChartProps {
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  /** Bars on top of each other, or lines. */
  readonly kind: 'stacked' | 'lines';
  /** What a point is: a moment, or a UTC day. */
  readonly step: 'clock' | 'day';
  /** A dashed line that the values should stay below. */
  readonly target?: number;
  readonly format: (value: number) => string;
  /** Called with the index of the time below the pointer; null when there is none. */
  readonly onPoint: (index: number | null) => void;
}

const HEIGHT = 168;
/** Room (s) for the halves of the first and the last bar, their largest width, and the labels of the axis. */
const STEPS = {
  clock: { edge: 5, barWidth: 14, label: formatClockLabel },
  day: { edge: 43_200, barWidth: 30, label: formatDayLabel },
} as const;

/** A chart over time on a canvas, with the colours of the current theme. What it shows is also in the text next to it. */
export function TimeChart(props: TimeChartProps) {
  const container = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const current = useRef(props);
  current.current = props;
  useEffect(() => {
    const element = container.current;
    if (element === null) return;
    const draw = () => {
      chart.current?.destroy();
      chart.current = new uPlot(optionsOf(current.current, element), dataOf(current.current), element);
    };
    draw();
    const resize = new ResizeObserver(() => chart.current?.setSize({ width: element.clientWidth, height: HEIGHT }));
    resize.observe(element);
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', draw);
    return () => {
      resize.disconnect();
      theme.disconnect();
      system.removeEventListener('change', draw);
      chart.current?.destroy();
    };
  }, []);
  useEffect(() => chart.current?.setData(dataOf(props)), [props]);
  return <div ref={container} className="chart-canvas" aria-hidden="true" />;
}

/** Stacked series are drawn as sums, the highest first, so that each covers the lower part of the one before. */
function dataOf({ times, series, kind, target }: TimeChartProps): uPlot.AlignedData {
  const values = series.map((one) => [...one.values]);
  const rows = kind === 'stacked' ? values.map((_, index) => sumsFrom(values.slice(index))) : values;
  return [[...times], ...rows, ...(target === undefined ? [] : [times.map(() => target)])];
}

const sumsFrom = (rows: readonly (readonly (number | null)[])[]): number[] =>
  (rows[0] ?? []).map((_, at) => rows.reduce((sum, row) => sum + (row[at] ?? 0), 0));

function optionsOf(props: TimeChartProps, element: HTMLElement): uPlot.Options {
  const { series, kind, step, target, format, onPoint } = props;
  const { edge, barWidth, label: timeLabel } = STEPS[step];
  const style = getComputedStyle(element);
  const color = (name: string) => resolveColor(element, name);
  const font = `11px ${style.fontFamily}`;
  // Stacked values are counts: half a command has no label.
  const label = (value: number) => (kind === 'stacked' && !Number.isInteger(value) ? '' : format(value));
  const axis = {
    stroke: color('--ink-faint'),
    font,
    ticks: { show: false },
    grid: { stroke: color('--grid'), width: 1 },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    ...(step === 'day' && { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), 'UTC') }),
    padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: { x: true, y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { range: (_, min, max) => [min - edge, max + edge] },
      y: { range: (_, __, max) => [0, Math.max(max, target ?? 1) * 1.15] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 28, space: 64, values: (_, times) => times.map(timeLabel) },
      { ...axis, size: 56, space: 36, values: (_, values) => values.map(label) },
    ],
    series: [
      {},
      ...series.map((one) =>
        kind === 'stacked' ? barSeries(color(one.color), barWidth) : lineSeries(color(one.color), step === 'day'),
      ),
      ...(target === undefined
        ? []
        : [{ stroke: color('--ink-faint'), dash: [4, 4], width: 1, points: { show: false } }]),
    ],
    hooks: { setCursor: [({ cursor: { idx } }) => onPoint(idx ?? null)] },
  };
}

const barSeries = (color: string, width: number): uPlot.Series => ({
  fill: color,
  width: 0,
  points: { show: false },
  ...(uPlot.paths.bars !== undefined && { paths: uPlot.paths.bars({ size: [0.72, width] }) }),
});

/** Days without a value are bridged; a moment without one was not measured. */
const lineSeries = (color: string, spanGaps: boolean): uPlot.Series => ({
  spanGaps,
  stroke: color,
  width: 2,
  points: { show: true, size: 5, fill: color },
});

function formatClockLabel(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

function formatDayLabel(seconds: number): string {
  return new Date(seconds * 1000).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

/** A canvas does not know custom properties or light-dark(): the browser computes them for a hidden element. */
function resolveColor(element: HTMLElement, name: string): string {
  const probe = element.appendChild(document.createElement('i'));
  probe.style.color = `var(${name})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
