import { z } from 'zod';

/** A whole number as either database gives it: SQL Server's driver gives bigint as text. Refuses what is no safe integer. */
export const integer = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number)
    .pipe(z.int()),
]);
