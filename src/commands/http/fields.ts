import * as z from 'zod';
import { atMost } from '../../shared/http/text-limit.ts';
import { invalid } from '../../shared/http/validate.ts';
import { hasVisibleCharacter } from '../../shared/http/visible-text.ts';
import {
  currencyDecimals,
  isCurrency,
  MAX_AMOUNT,
  type MinorUnits,
  toDecimal,
  toMinorUnits,
} from '../../shared/money.ts';
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

/** Maximum units in one order line. */
const MAX_QUANTITY = 100_000;

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

/** What the API description says about every amount. */
export const AMOUNT =
  'A decimal amount with no more decimals than the currency has, such as 29.99, and at most 10^15 of its smallest units: ' +
  '10,000,000,000,000 USD, 1,000,000,000,000,000 JPY or 1,000,000,000,000 KWD. The total of an order has the same limit.';

/** An amount in JSON: a decimal number, not negative. The maximum is that of a currency without decimals. */
export const amount = z
  .number()
  .min(0, 'must not be negative')
  .max(MAX_AMOUNT, `must be at most ${MAX_AMOUNT}`)
  .describe(AMOUNT);

/** An ISO 4217 currency code. */
export const currencyCode = z
  .string()
  .refine(isCurrency, 'must be an ISO 4217 code such as USD')
  .describe('ISO 4217 code. Defaults to the currency of the deployment (USD).');

/**
 * Returns a price or credit limit in minor units. Throws Problem `validation-failed` when it has too many decimals or is above
 * `MAX_AMOUNT`.
 */
export function minorUnits(decimal: number, currency: string, path: string): MinorUnits {
  const max = toDecimal(MAX_AMOUNT, currency);
  if (decimal > max) throw invalid([{ path, message: `must be at most ${max} ${currency}` }]);
  const minor = toMinorUnits(decimal, currency);
  if (minor !== undefined) return minor;
  throw invalid([{ path, message: `must have at most ${currencyDecimals(currency)} decimals for ${currency}` }]);
}
