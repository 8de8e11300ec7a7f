import * as z from 'zod';
import { storable, utcTime } from '../../shared/http/times.ts';
import { invalid } from '../../shared/http/validate.ts';

const MESSAGE = 'must be a day such as 2026-01-31, or an ISO 8601 time';

/** The start of a range: a time, or the first moment of a UTC day. */
export const fromTime = dayOrTime('T00:00:00.000Z');

/** The inclusive end of a range: a time, or the last moment of a UTC day. */
export const toTime = dayOrTime('T23:59:59.999Z');

/**
 * Requires that a range does not end before it begins. Both are days, or both are times in UTC. Throws Problem `validation-failed`.
 */
export function requireRange({
  from,
  to,
}: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): void {
  if (from === undefined || to === undefined || from <= to) return;
  throw invalid([{ path: 'from', message: `must not be after ${to}, the end of the range` }]);
}

/** A time, or a UTC day as the time of day in it. */
function dayOrTime(timeOfDay: string): z.ZodType<string> {
  return z.union([storable(z.iso.date().transform((day) => `${day}${timeOfDay}`)), utcTime], MESSAGE);
}
