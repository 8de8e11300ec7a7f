import * as z from 'zod';
import { invalid } from '../../shared/http/validate.ts';

const MESSAGE = 'must be a day such as 2026-01-31, or an ISO 8601 time';
const day = z.iso.date(MESSAGE);
const time = z.iso.datetime({ offset: true, error: MESSAGE });
const utc = (text: string) => new Date(text).toISOString();

/** The start of a range: a time, or the first moment of a UTC day. */
export const fromTime = z.union([day.transform((text) => `${text}T00:00:00.000Z`), time.transform(utc)], MESSAGE);

/** The inclusive end of a range: a time, or the last moment of a UTC day. */
export const toTime = z.union([day.transform((text) => `${text}T23:59:59.999Z`), time.transform(utc)], MESSAGE);

/** A UTC day, YYYY-MM-DD. */
export const utcDay = z.iso.date('must be a day such as 2026-01-31');

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
