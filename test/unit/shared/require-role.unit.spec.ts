import { describe, expect, it } from 'vitest';
import type { Role } from '../../../src/shared/auth/authenticate.ts';
import { requireRole } from '../../../src/shared/auth/require-role.ts';

const actor = { userId: 'ada', roles: new Set<Role>(['customer']), customerId: 'c1' };

describe('a caller without a required role', () => {
  it.each<[readonly Role[], string]>([
    [['admin'], 'getLag requires the role admin.'],
    [['analyst', 'admin'], 'getLag requires one of the roles analyst, admin.'],
  ])('is told which roles have access: %j', (roles, detail) => {
    expect(() => requireRole(actor, 'getLag', roles)).toThrow(
      expect.objectContaining({ code: 'forbidden', message: detail }),
    );
  });
});
