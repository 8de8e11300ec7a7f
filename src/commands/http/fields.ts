import { z } from 'zod';
import { invalid } from '../../shared/http/validate.ts';
import { currencyDecimals, isCurrency, type MinorUnits, toMinorUnits } from '../../shared/money.ts';
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

/**
 * Limits that keep an order's total a safe integer: 500 lines × 100,000 units × 100,000,000 minor units is 5 × 10^15 < 2^53.
 */
const MAX_QUANTITY = 100_000;
const MAX_PRICE_MINOR_UNITS = 100_000_000;
const MAX_CREDIT_MINOR_UNITS = 1_000_000_000_000_000;

/** Units of one line. */
export const quantity = z
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(MAX_QUANTITY, `must be at most ${MAX_QUANTITY}`);

/** An amount as JSON has it: a decimal number, not below zero. */
export const amount = z
  .number()
  .min(0, 'must not be negative')
  .describe("A decimal amount with at most the currency's decimals: 29.99.");

/** A currency's code by ISO 4217. */
export const currencyCode = z
  .string()
  .refine(isCurrency, 'must be an ISO 4217 code such as USD')
  .describe('ISO 4217 code; by default the currency of the deployment (USD).');

/** A price in minor units. Throws Problem `validation-failed` when it is finer than the currency, or too large. */
export function price(decimal: number, currency: string, path: string): MinorUnits {
  return minorUnits({ decimal, currency, path, max: MAX_PRICE_MINOR_UNITS });
}

/** A credit limit in minor units. Throws Problem `validation-failed` when it is finer than the currency, or too large. */
export function creditLimit(decimal: number, currency: string, path: string): MinorUnits {
  return minorUnits({ decimal, currency, path, max: MAX_CREDIT_MINOR_UNITS });
}

function minorUnits(input: {
  readonly decimal: number;
  readonly currency: string;
  readonly path: string;
  readonly max: MinorUnits;
}): MinorUnits {
  const { decimal, currency, path, max } = input;
  const decimals = currencyDecimals(currency);
  if (decimal > max / 10 ** decimals) {
    throw invalid([{ path, message: `must be at most ${max / 10 ** decimals} ${currency}` }]);
  }
  const minor = toMinorUnits(decimal, currency);
  if (minor !== undefined) return minor;
  throw invalid([{ path, message: `must have at most ${decimals} decimals, as ${currency} has` }]);
}
