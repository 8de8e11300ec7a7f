import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { emailAddress, minorUnits, textLine } from '../../../src/commands/http/fields.ts';
import { Problem } from '../../../src/shared/http/problem.ts';
import { MAX_AMOUNT } from '../../../src/shared/money.ts';

/** The first message about a value; undefined when it is accepted. */
const messageOf = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error?.issues[0]?.message;

describe('a line of text', () => {
  it.each(['x'.repeat(200), '😀'.repeat(100), '李小龍', `${' '.repeat(300)}Ada`])('may be %j', (text) => {
    expect(messageOf(textLine, text)).toBeUndefined();
  });

  it.each(['x'.repeat(201), '😀'.repeat(101), '😀'.repeat(200), `${'x'.repeat(199)}😀`])(
    'has at most 200 UTF-16 code units: %j',
    (text) => {
      expect(messageOf(textLine, text)).toMatch(/^must have at most 200 characters/);
    },
  );

  it.each(['👩‍👩‍👧', '\u200eשלום', '-', '\u{1fae9}', 'क्‍ष'])(
    'may have invisible characters among others: %j',
    (text) => {
      expect(messageOf(textLine, text)).toBeUndefined();
    },
  );

  it.each(['\u200b', '\u00ad\u2060', '\u3164\u3164', '\u2800', '\ufe0f', '\u{e0041}', '\u200b \u200b', '\u202e'])(
    'cannot consist of invisible characters: %j',
    (text) => {
      expect(messageOf(textLine, text)).toBe('must have at least one visible character');
    },
  );

  it('that is too long is reported once', () => {
    expect(textLine.safeParse('x'.repeat(1_000)).error?.issues).toHaveLength(1);
  });
});

describe('an e-mail address', () => {
  it.each([
    'ada@example.com',
    'a&b@c.de',
    'ü@x.com',
    "o'brien+orders@mail.example.co.uk",
    '用户@例子.公司',
    'δοκιμή@παράδειγμα.ελ',
    'x_y@sub-domain.example',
    `${'a'.repeat(64)}@${'b'.repeat(63)}.com`,
  ])('may be %s', (address) => {
    expect(messageOf(emailAddress, address)).toBeUndefined();
  });

  it.each([
    '',
    'ada',
    'ada@',
    '@example.com',
    'ada@localhost',
    'a b@example.com',
    'ada@exa mple.com',
    'ada@-example.com',
    'ada@example-.com',
    'ada@example..com',
    'ada@lovelace@example.com',
    'ada\u0000@example.com',
    'ada\u200b@example.com',
    'ada\ud800@example.com',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'b'.repeat(64)}.com`,
  ])('cannot be %j', (address) => {
    expect(messageOf(emailAddress, address)).toBe('must be an e-mail address');
  });

  it('has at most 254 UTF-16 code units', () => {
    const label = `${'b'.repeat(60)}.`;
    expect(messageOf(emailAddress, `${'😀'.repeat(40)}@${label.repeat(3)}com`)).toMatch(/at most 254/);
  });
});

describe('an amount of money', () => {
  const LIMITS = [
    ['USD', 10_000_000_000_000, 0.01],
    ['IRR', 10_000_000_000_000, 0.01],
    ['IDR', 10_000_000_000_000, 0.01],
    ['COP', 10_000_000_000_000, 0.01],
    ['LBP', 10_000_000_000_000, 0.01],
    ['UZS', 10_000_000_000_000, 0.01],
    ['VND', 1_000_000_000_000_000, 1],
    ['KWD', 1_000_000_000_000, 0.001],
    ['CLF', 100_000_000_000, 0.0001],
  ] as const;

  it.each(LIMITS)('in %s may be up to %d', (currency, largest, smallest) => {
    expect(minorUnits(largest, currency, 'price')).toBe(MAX_AMOUNT);
    expect(minorUnits(largest - smallest, currency, 'price')).toBe(MAX_AMOUNT - 1);
  });

  it.each(LIMITS)('in %s above %d is refused with the field, the limit and the currency', (currency, largest, step) => {
    const refused = () => minorUnits(largest + step, currency, 'items.0.price');
    expect(refused).toThrow(Problem);
    expect(refused).toThrow(`items.0.price: must be at most ${largest} ${currency}`);
  });
});
