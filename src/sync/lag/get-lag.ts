import { z } from 'zod';
import { requireRole } from '../../shared/auth/require-role.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { httpFunction } from '../../shared/http/operation.ts';
import { unavailable } from '../../shared/http/problem.ts';
import { runtime } from '../app.ts';
import { currentLag } from './current-lag.ts';

const lag = z
  .strictObject({
    readModel: z.string(),
    partition: z.string(),
    lagMs: z.number().describe('Age of the oldest event that is not in the read model.'),
    behind: z.int().describe('Events that are not in the read model.'),
  })
  .meta({ id: 'Lag' });

const operation = {
  name: 'getLag',
  method: 'GET',
  route: 'admin/lag',
  summary: 'How far each read model is behind, per partition of the hub.',
  roles: ['admin'],
  answers: { 200: { description: 'Every read model and partition.', schema: z.strictObject({ items: z.array(lag) }) } },
  problems: [],
} as const;

httpFunction(
  operation,
  endpoint(async ({ request }) => {
    requireRole(await runtime().authenticate(request.headers.get('authorization')), operation.name, operation.roles);
    const items = await currentLag().catch(unavailable('The lag cannot be read at the moment: try again.'));
    return { jsonBody: { items }, headers: { 'cache-control': 'no-store' } };
  }),
);
