import { z } from 'zod';
import { ERASED } from '../../shared/personal-data/placeholders.ts';

/** Longest line of an address or a name, in characters. */
const MAX_TEXT_LENGTH = 200;

/** One line of text that people read: no control characters, no blanks at the ends. */
export const textLine = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(MAX_TEXT_LENGTH, `must have at most ${MAX_TEXT_LENGTH} characters`)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters')
  .refine((text) => text !== ERASED, `must not be ${ERASED}, which stands for what was erased`);

export const emailAddress = z.email('must be an e-mail address').max(254, 'must have at most 254 characters');

/** Where an order is sent to. */
export const postalAddress = z
  .strictObject({
    street: textLine,
    city: textLine,
    state: textLine,
    zip: textLine,
    country: textLine.optional(),
  })
  .meta({ id: 'PostalAddress' });
