import { describe, expect, it } from 'vitest';
import { identifier, newIdentifier } from '../../../src/shared/http/identifiers.ts';

describe('an id', () => {
  const accepted = ['a', '...', '.a', 'Größe 50% "x"', '💥', 'x'.repeat(64), '😀'.repeat(32)];
  it.each(accepted)('may be %j', (id) => {
    expect(identifier.safeParse(id).success).toBe(true);
    expect(newIdentifier.safeParse(id).success).toBe(true);
  });

  const rejected = ['', ' a', 'a ', 'a\u0000', 'a\ud800', 'a%2Fb', '.', '..', 'x'.repeat(65), '😀'.repeat(33)];
  it.each(rejected)('cannot be %j, because it could not be stored or found again', (id) => {
    expect(identifier.safeParse(id).success).toBe(false);
    expect(newIdentifier.safeParse(id).success).toBe(false);
  });

  it.each(['a/b', '/', 'a\\b'])('of an aggregate that exists may be %j', (id) => {
    expect(identifier.safeParse(id).success).toBe(true);
  });

  it.each(['a/b', '/', 'a\\b'])('of a new aggregate cannot be %j, because front ends decode it in a path', (id) => {
    expect(newIdentifier.safeParse(id).error?.issues[0]?.message).toBe('must not contain "/" or "\\"');
  });
});
