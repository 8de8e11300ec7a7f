import { withinLimit } from '../deadline.ts';
import type { Clock } from '../runtime.ts';

/** Checks by dependency. A check resolves when the dependency can be used, and rejects when it cannot. */
export type ReadinessChecks = ReadonlyMap<string, () => Promise<unknown>>;

/** The result of all checks. */
export interface ReadinessReport {
  readonly dependencies: readonly string[];
  /** Reasons by dependency; empty when the app is ready. */
  readonly failures: ReadonlyMap<string, unknown>;
}

/** Returns a report that is at most a few seconds old. `onFailure` is called when a new check fails. */
export type Readiness = (onFailure: (dependency: string, reason: unknown) => void) => Promise<ReadinessReport>;

export interface ReadinessOptions {
  /** Milliseconds that a report is used. Default: 5,000. */
  readonly validForMs?: number;
  /** Milliseconds until a check that has not settled counts as failed. Default: 3,000. */
  readonly timeoutMs?: number;
}

/**
 * Checks the dependencies on demand. Anyone can call this, so the number of callers must not change the load on the dependencies: callers
 * share one report, and a dependency is not checked again while its last check is still running. The map is read on each check.
 */
export function createReadiness(
  checks: ReadinessChecks,
  { monotonicMs, timer }: Pick<Clock, 'monotonicMs' | 'timer'>,
  { validForMs = 5_000, timeoutMs = 3_000 }: ReadinessOptions = {},
): Readiness {
  const waiting = new Map<string, Promise<unknown>>();
  let report: Promise<ReadinessReport> | undefined;
  let validUntil = 0;
  const ask = (name: string, check: () => Promise<unknown>): Promise<unknown> => {
    const start = async () => check(); // rejects even when the check throws
    const asked = waiting.get(name) ?? start().finally(() => waiting.delete(name));
    waiting.set(name, asked);
    const tooLate = () => new Error(`no response within ${timeoutMs} ms`);
    return withinLimit(timeoutMs, timer, () => asked, tooLate);
  };
  return (onFailure) => {
    if (report !== undefined && monotonicMs() < validUntil) return report;
    validUntil = Number.POSITIVE_INFINITY; // until all checks have settled
    report = runChecks(checks, ask)
      .then((found) => {
        validUntil = monotonicMs() + validForMs;
        for (const [name, reason] of found.failures) onFailure(name, reason);
        return found;
      })
      .catch((error: unknown) => {
        validUntil = 0; // the next caller asks again
        throw error;
      });
    return report;
  };
}

async function runChecks(
  checks: ReadinessChecks,
  ask: (name: string, check: () => Promise<unknown>) => Promise<unknown>,
): Promise<ReadinessReport> {
  const entries = [...checks];
  const results = await Promise.allSettled(entries.map(([name, check]) => ask(name, check)));
  const failures = new Map<string, unknown>();
  for (const [index, result] of results.entries()) {
    const name = entries[index]?.[0];
    if (name !== undefined && result.status === 'rejected') failures.set(name, result.reason);
  }
  return { dependencies: entries.map(([name]) => name), failures };
}
