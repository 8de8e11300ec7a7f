import { describe, expect, it } from 'vitest';
import { identifier } from '../../../src/shared/http/identifiers.ts';

describe('an id', () => {
  it.each(['a', '...', '.a', 'a/b', 'Größe 50% "x"', '💥', 'x'.repeat(64)])('may be %j', (id) => {
    expect(identifier.safeParse(id).success).toBe(true);
  });

  it.each(['', ' a', 'a ', 'a\u0000', 'a\ud800', 'a%2Fb', '.', '..', 'x'.repeat(65), '😀'.repeat(33)])(
    'cannot be %j, because it could not be found again',
    (id) => {
      expect(identifier.safeParse(id).success).toBe(false);
    },
  );
});
