import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FILES } from '../../support/infra/snapshots.ts';

const config = z.object({
  analyzers: z.object({ core: z.object({ rules: z.record(z.string(), z.object({ level: z.string() })) }) }),
});

describe('the linter of the template', () => {
  const { rules } = config.parse(JSON.parse(FILES.get('infra/bicepconfig.json') ?? '{}')).analyzers.core;

  it.each([
    'use-description-outputs',
    'use-description-params',
    'use-description-type-properties',
    'use-description-types',
    'use-description-vars',
    'use-user-defined-types',
  ])('fails a deployment that breaks the rule %s', (rule) => {
    expect(rules[rule]?.level).toBe('error');
  });

  it('has no rule that only warns', () => {
    expect(Object.values(rules).filter(({ level }) => level !== 'error')).toEqual([]);
  });
});
