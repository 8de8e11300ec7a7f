import { eventually } from '../system/api-client.ts';
import type { TestSystem } from '../system/system.ts';

/** A replay as GET /admin/replays/{id} returns it. */
export interface ShownReplay {
  readonly replayId: string;
  readonly status: string;
  readonly total: number;
  readonly done: number;
  readonly startedAt: string;
  readonly finishedAt?: string;
}

/** Starts a replay; resolves to its id. */
export async function startReplay(
  system: TestSystem,
  body: { readonly readModel: string; readonly from?: string },
): Promise<string> {
  const { status, body: answer } = await system.as('admin').post('/admin/replays', body);
  if (status !== 202) throw new Error(`Not started: ${JSON.stringify(answer)}`);
  return answer.replayId;
}

/** Waits until a replay has completed or failed. */
export function endOfReplay(system: TestSystem, replayId: string, withinMs?: number): Promise<ShownReplay> {
  return eventually(
    async () => (await system.as('admin').get(`/admin/replays/${replayId}`)).body,
    ({ status }) => status === 'completed' || status === 'failed',
    withinMs,
  );
}

/** Starts a replay and waits until it has completed or failed. */
export async function replayToTheEnd(
  system: TestSystem,
  body: { readonly readModel: string; readonly from?: string },
): Promise<ShownReplay> {
  return endOfReplay(system, await startReplay(system, body));
}
