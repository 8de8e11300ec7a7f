import { withinLimit } from '../../shared/deadline.ts';
import type { TimerFunction } from '../../shared/functions/app-function.ts';
import { replicaLag } from '../../shared/telemetry/metrics.ts';
import type { SyncApp } from '../app.ts';
import type { ReadableDatabase, SyncDatabase } from '../database/sync-database.ts';

/** How long (ms) a run waits for the replica: shorter than the time between two runs. */
const LIMIT_MS = 4_000;
const tooSlow = () => new Error(`The replica has not answered within ${LIMIT_MS / 1_000} s.`);

interface HeartbeatServices extends Pick<SyncApp, 'runtime'> {
  writeDatabase(): Promise<Pick<SyncDatabase, 'recordHeartbeat'>>;
}

/**
 * The timer that advances the heartbeat on the primary, and records how old the newest state is that the replica has: a replica that does
 * not answer gets older.
 */
export function replicaHeartbeatTimer(
  { writeDatabase, runtime }: HeartbeatServices,
  replica: () => Promise<Pick<ReadableDatabase, 'readHeartbeat'>>,
): TimerFunction {
  const { now, timer } = runtime;
  let newestAt = now();
  return {
    trigger: 'timer',
    name: 'recordHeartbeat',
    options: {
      schedule: '*/5 * * * * *',
      handler: async (_timer, context) => {
        await (await writeDatabase()).recordHeartbeat();
        try {
          const read = async () => (await replica()).readHeartbeat();
          const { heartbeat } = await withinLimit(LIMIT_MS, timer, read, tooSlow);
          if (heartbeat !== undefined) newestAt = now() - heartbeat.ageMs;
        } catch (error) {
          context.warn('The replica of the write database cannot be read:', error);
        }
        replicaLag.record(now() - newestAt);
      },
    },
  };
}
