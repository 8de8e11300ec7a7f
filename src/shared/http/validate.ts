import type * as z from 'zod';
import { type FieldError, Problem } from './problem.ts';

/** Maximum field errors in one response. */
const MAX_ERRORS = 20;

/**
 * Parses untrusted input with a schema. Throws Problem `validation-failed` with the path of each invalid field, such as
 * `items.0.quantity`. `at`, the name of a parameter or header, is prepended to the paths.
 */
export function validate<Schema extends z.ZodType>(schema: Schema, input: unknown, at?: string): z.output<Schema> {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  throw invalid(result.error.issues.flatMap((issue) => fieldErrors(issue, at === undefined ? [] : [at])));
}

/** The problem for invalid fields. Its detail is about the first one. */
export function invalid(errors: readonly FieldError[]): Problem {
  const [first] = errors;
  const seen = errors.length > MAX_ERRORS ? `the first ${MAX_ERRORS} are in errors` : 'see errors';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, ${seen})` : '';
  const where = first?.path ? `${first.path}: ` : '';
  const detail = `${where}${first?.message ?? 'The request is not valid'}${more}`;
  return new Problem('validation-failed', detail, { errors: errors.slice(0, MAX_ERRORS) });
}

function fieldErrors(issue: z.core.$ZodIssue, at: readonly string[]): readonly FieldError[] {
  const path = [...at, ...issue.path.map(String)];
  if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: messageOf(issue) }];
  return issue.keys.map((key) => ({
    path: [...path, key].join('.'),
    message: 'is not a field of this request: remove it',
  }));
}

/** JSON has no undefined, so an undefined value is a field that is missing. */
function messageOf(issue: z.core.$ZodIssue): string {
  return issue.input === undefined && issue.code !== 'custom' ? 'is required' : issue.message;
}
