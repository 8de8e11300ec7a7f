import { z } from 'zod';
import { atMost } from '../../shared/http/text-limit.ts';
import { invalid } from '../../shared/http/validate.ts';
import { hasVisibleCharacter } from '../../shared/http/visible-text.ts';
import { currencyDecimals, isCurrency, type MinorUnits, toMinorUnits } from '../../shared/money.ts';
import { ERASED } from '../../shared/personal-data/placeholders.ts';

/** Maximum length of a name or an address line, in UTF-16 code units. */
const MAX_TEXT_LENGTH = 200;

/** Maximum length of an e-mail address, in UTF-16 code units. */
const MAX_EMAIL_LENGTH = 254;

/** One line of text that people read: no control characters, and no spaces at either end. */
export const textLine = atMost(z.string().trim().min(1, 'must not be empty'), MAX_TEXT_LENGTH)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters')
  .refine(hasVisibleCharacter, 'must have at least one visible character')
  .refine((text) => text !== ERASED, `must not be ${ERASED}, which is reserved for erased data`);

/** A character of an internationalized address outside ASCII (RFC 6531): no control character and no space. */
const NON_ASCII = '[^\\p{ASCII}\\p{C}\\p{Z}]';
const LOCAL_PART = `(?:[\\w.!#$%&'*+/=?^\`{|}~-]|${NON_ASCII}){1,64}`;
const LABEL_EDGE = `(?:[A-Za-z0-9]|${NON_ASCII})`;
const LABEL = `${LABEL_EDGE}(?:(?:[A-Za-z0-9-]|${NON_ASCII}){0,61}${LABEL_EDGE})?`;
const EMAIL = new RegExp(`^${LOCAL_PART}@${LABEL}(?:\\.${LABEL})+$`, 'u');

/**
 * An e-mail address as mail servers accept it: the pattern of the HTML standard
 * (https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address) with characters outside ASCII (RFC 6531) and a domain of
 * two or more labels.
 */
export const emailAddress = atMost(z.string(), MAX_EMAIL_LENGTH)
  .refine((text) => EMAIL.test(text), 'must be an e-mail address')
  .meta({ format: 'idn-email' });

/** A shipping address. */
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

/** Units in one order line. */
export const quantity = z
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(MAX_QUANTITY, `must be at most ${MAX_QUANTITY}`);

/** The number of an order line: an integer in an envelope, its digits in a route. */
export const lineNumber = z.preprocess(
  (value) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value),
  z.int('must be the number of a line, such as 1').min(1, 'must be at least 1'),
);

/** An amount in JSON: a decimal number, not negative. */
export const amount = z
  .number()
  .min(0, 'must not be negative')
  .describe('A decimal amount with no more decimals than the currency has, such as 29.99.');

/** An ISO 4217 currency code. */
export const currencyCode = z
  .string()
  .refine(isCurrency, 'must be an ISO 4217 code such as USD')
  .describe('ISO 4217 code. Defaults to the currency of the deployment (USD).');

/** Returns a price in minor units. Throws Problem `validation-failed` when it has too many decimals or is too large. */
export function price(decimal: number, currency: string, path: string): MinorUnits {
  return minorUnits({ decimal, currency, path, max: MAX_PRICE_MINOR_UNITS });
}

/** Returns a credit limit in minor units. Throws Problem `validation-failed` when it has too many decimals or is too large. */
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
  throw invalid([{ path, message: `must have at most ${decimals} decimals for ${currency}` }]);
}
