import { z } from 'zod';

const MESSAGE = 'must be a day such as 2026-01-31, or a time by ISO 8601';
const day = z.iso.date(MESSAGE);
const time = z.iso.datetime({ offset: true, error: MESSAGE });
const utc = (text: string) => new Date(text).toISOString();

/** The begin of a range: a time, or the first moment of a UTC day. */
export const fromTime = z.union([day.transform((text) => `${text}T00:00:00.000Z`), time.transform(utc)], MESSAGE);

/** The end of a range, which is part of it: a time, or the last moment of a UTC day. */
export const toTime = z.union([day.transform((text) => `${text}T23:59:59.999Z`), time.transform(utc)], MESSAGE);

/** A UTC day, YYYY-MM-DD. */
export const utcDay = z.iso.date('must be a day such as 2026-01-31');
