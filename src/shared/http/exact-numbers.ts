/** A number with at most this many decimal digits is read exactly, because a double keeps at least 15. */
const KEPT_DIGITS = 15;

const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

/**
 * True when `JSON.parse` keeps the decimal value of a JSON number. False when it rounds the value: 29.99000000000000000001 is read as 29.99,
 * and 1e-400 as 0.
 * @param token a number of valid JSON
 */
export function isReadExactly(token: string): boolean {
  const isShort = token.length <= KEPT_DIGITS && !/e/i.test(token);
  return isShort || decimal(token) === decimal(String(Number(token)));
}

/** The absolute value of a number in normal form, however it is written: 29.90, 2.99e1 and 299e-1 become `299e-1`. */
function decimal(written: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(written) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  let length = digits.length;
  while (digits[length - 1] === '0') length--; // a regular expression would be quadratic for many zeros before another digit
  const power = Number(exponent) - fraction.length + digits.length - length;
  return length === 0 ? '0' : `${digits.slice(0, length)}e${power}`;
}
