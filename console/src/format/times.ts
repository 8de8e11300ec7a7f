const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const DATE_TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const DATE_TIME_SECONDS = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

type Moment = string | number;

/** `14:05:09`. */
export const formatClock = (time: Moment): string => CLOCK.format(new Date(time));
/** `3 Mar 2026, 14:05`. */
export const formatDateTime = (time: Moment): string => DATE_TIME.format(new Date(time));
/** `3 Mar 2026, 14:05:09`. */
export const formatExactTime = (time: Moment): string => DATE_TIME_SECONDS.format(new Date(time));
/** The UTC day: `3 Mar 2026`. */
export const formatDay = (time: Moment): string => DAY.format(new Date(time));

/** A local time as a field has it, such as `2026-03-01T14:05`, as an instant (ISO 8601). Undefined when it is none, as in the year 20266. */
export function toInstant(local: string): string | undefined {
  const ms = Date.parse(local);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** A duration: `0 ms`, `85 ms`, `1.2 s`, `45 s`, `3 min`, `2 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${Math.round(ms / 100) / 10} s`;
  if (ms < 60_000) return `${Math.round(ms / 1_000)} s`;
  const [unit, length] = UNITS.find(([, each]) => ms >= each) ?? ['s', 1_000];
  return `${Math.floor(ms / length)} ${unit}`;
}
