import type { Line } from '../kernel/world.ts';
import { type ClientCommand, GIVEN } from '../workload.ts';
import type { SeedReport } from './worker.ts';

/** Sums of a campaign. */
export class Totals {
  readonly failed: SeedReport[] = [];
  seeds = 0;
  events = 0;
  readonly #coverage = new Map<string, { times: number; readonly steps: Map<string, number> }>();

  /** The kinds of faults that happened. */
  get kinds(): ReadonlySet<string> {
    return new Set(this.#coverage.keys());
  }

  add(report: SeedReport): void {
    this.seeds += 1;
    this.events += report.events;
    if (report.violations.length > 0) this.failed.push(report);
    for (const [kind, step, times] of report.coverage) {
      const of = this.#coverage.get(kind) ?? { times: 0, steps: new Map<string, number>() };
      this.#coverage.set(kind, of);
      of.times += times;
      of.steps.set(step, (of.steps.get(step) ?? 0) + times);
    }
  }

  /** Which faults met which steps how often. */
  coverage(): string {
    const rows = [...this.#coverage].toSorted(([a], [b]) => a.localeCompare(b));
    return rows.map(([kind, { times, steps }]) => [`${pad(times)}  ${kind}`, ...mostMet(steps)].join('\n')).join('\n');
  }
}

/** Steps of a fault that are shown, the most frequent ones. */
const SHOWN_STEPS = 6;

function mostMet(steps: ReadonlyMap<string, number>): readonly string[] {
  const sorted = [...steps].toSorted(([, a], [, b]) => b - a);
  const shown = sorted.slice(0, SHOWN_STEPS).map(([step, times]) => `${pad(times)}      ${step}`);
  const others = sorted.slice(SHOWN_STEPS);
  if (others.length === 0) return shown;
  return [...shown, `${pad(others.reduce((sum, [, times]) => sum + times, 0))}      ${others.length} other steps`];
}

const pad = (count: number): string => String(count).padStart(9);

/** The lines of a timeline: simulated seconds, who, and what. */
export function timelineText(lines: readonly Line[]): string {
  return lines
    .map(({ at, actor, text }) => `${(at / 1_000).toFixed(3).padStart(9)}  ${actor.padEnd(16)} ${text}`)
    .join('\n');
}

/** Commands by their indexes; those that every run starts with have negative ones. */
export function commandsText(commands: readonly ClientCommand[], sent: ReadonlySet<number> | undefined): string {
  const first = GIVEN.map(({ type }, index) => `${String(index - GIVEN.length).padStart(4)}  ${type}`);
  const others = [...commands.entries()]
    .filter(([index]) => sent?.has(index) ?? true)
    .map(([index, { command }]) => {
      const { type, on = '', data } = command;
      return `${String(index).padStart(4)}  ${type} ${on} ${data === undefined ? '' : JSON.stringify(data)}`;
    });
  return [...first, ...others].join('\n');
}
