import * as z from 'zod';

/**
 * A whole number from either database. SQL Server's driver returns bigint as text. Rejects numbers that are not safe integers.
 */
export const integer = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number)
    .pipe(z.int()),
]);
