import { describe, expect, it } from 'vitest';
import { idempotencyKey } from '../../../src/commands/http/idempotency-key.ts';
import { commandKey } from '../../../src/commands/pipeline/command-key.ts';

describe('an idempotency key', () => {
  it.each(['a', 'x'.repeat(255), 'a b', '/', '..', 'a%2Fb', '"8e03978e"', '李小龍'])('may be %j', (key) => {
    expect(idempotencyKey.safeParse(key).success).toBe(true);
  });

  it.each(['', 'x'.repeat(256), '😀'.repeat(128), ' a', 'a ', 'a\tb', 'a\u0000', 'a\u200b', 'a\ud800', 'a\u2028b'])(
    'cannot be %j',
    (key) => {
      expect(idempotencyKey.safeParse(key).success).toBe(false);
    },
  );
});

describe('the id under which a command is recorded', () => {
  const keyOf = (userId: string, commandId: string) =>
    commandKey({ actor: { userId, roles: new Set(), customerId: undefined }, commandId });

  it('is the same for the same caller and key, and fits into its column', () => {
    expect(keyOf('ada', 'x'.repeat(255))).toBe(keyOf('ada', 'x'.repeat(255)));
    expect(keyOf('ada', 'x'.repeat(255))).toHaveLength(64);
  });

  it.each<[string, readonly [string, string]]>([
    ['another caller', ['eve', 'key-1']],
    ['another key', ['ada', 'key-2']],
    ['a caller and a key that are the same text together', ['adak', 'ey-1']],
  ])('differs for %s', (_name, [userId, commandId]) => {
    expect(keyOf(userId, commandId)).not.toBe(keyOf('ada', 'key-1'));
  });
});
