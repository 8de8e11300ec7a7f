import type { z } from 'zod';
import { type FieldError, Problem } from './problem.ts';

/** Most field errors listed in one answer. */
const MAX_ERRORS = 20;

/**
 * Parses untrusted input by its schema. Throws Problem `validation-failed` with the path of each field at fault, such as
 * `items.0.quantity`; `at` is put before the paths (a parameter's or header's name).
 */
export function validate<Schema extends z.ZodType>(schema: Schema, input: unknown, at?: string): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw invalid(result.error.issues.flatMap((issue) => fieldErrors(issue, at === undefined ? [] : [at])));
}

/** The problem for fields that are not valid; its sentence is the first one's. */
export function invalid(errors: readonly FieldError[]): Problem {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  const where = first?.path ? `${first.path}: ` : '';
  const detail = `${where}${first?.message ?? 'The request is not valid'}${more}`;
  return new Problem('validation-failed', detail, { errors: errors.slice(0, MAX_ERRORS) });
}

function fieldErrors(issue: z.core.$ZodIssue, at: readonly string[]): readonly FieldError[] {
  const path = [...at, ...issue.path.map(String)];
  if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: issue.message }];
  return issue.keys.map((key) => ({
    path: [...path, key].join('.'),
    message: 'is not a field of this request: remove it',
  }));
}
