import type { components, paths } from '../../../clients/typescript/src/index.ts';
import { eventually } from '../system/api-client.ts';
import type { TestSystem } from '../system/system.ts';

/** A replay as GET /admin/replays/{id} returns it. */
export type ShownReplay = components['schemas']['Replay'];
type Wanted = paths['/admin/replays']['post']['requestBody']['content']['application/json'];

/** Starts a replay; resolves to its id. */
export async function startReplay(system: TestSystem, body: Wanted): Promise<string> {
  return (await system.as('admin').orders.POST('/admin/replays', { body })).data.replayId;
}

/** Waits until a replay has completed or failed. */
export function endOfReplay(system: TestSystem, replayId: string, withinMs?: number): Promise<ShownReplay> {
  const params = { path: { replayId } };
  return eventually(
    async () => (await system.as('admin').orders.GET('/admin/replays/{replayId}', { params })).data,
    ({ status }) => status === 'completed' || status === 'failed',
    withinMs,
  );
}

/** Cancels the replays that have not ended. */
export async function cancelReplays(system: TestSystem): Promise<void> {
  const { orders } = system.as('admin');
  const { items } = (await orders.GET('/admin/replays')).data;
  for (const { replayId, status } of items) {
    if (status === 'running') await orders.DELETE('/admin/replays/{replayId}', { params: { path: { replayId } } });
  }
}

/** Starts a replay and waits until it has completed or failed. */
export async function replayToTheEnd(system: TestSystem, body: Wanted): Promise<ShownReplay> {
  return endOfReplay(system, await startReplay(system, body));
}
