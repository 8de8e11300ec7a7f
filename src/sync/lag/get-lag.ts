import { z } from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { unavailable } from '../../shared/http/problem.ts';
import type { SyncApp } from '../app.ts';

const lag = z
  .strictObject({
    readModel: z.string(),
    partition: z.string(),
    lagMs: z.number().describe('Age of the oldest event that is not in the read model.'),
    behind: z.int().describe('Events that are not in the read model.'),
  })
  .meta({ id: 'Lag' });

const operation: Operation = {
  name: 'getLag',
  method: 'GET',
  route: 'admin/lag',
  summary: 'How far each read model is behind, per partition of the hub.',
  roles: ['admin'],
  answers: { 200: { description: 'Every read model and partition.', schema: z.strictObject({ items: z.array(lag) }) } },
  problems: [],
};

export function getLag(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, operation, async () => {
    const items = await app.readLag().catch(unavailable('The lag cannot be read at the moment: try again.'));
    return { jsonBody: { items }, headers: { 'cache-control': 'no-store' } };
  });
}
