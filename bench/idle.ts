import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runNode } from '../test/support/system/program.ts';
import { cpuSeconds } from './cpu-seconds.ts';

export interface IdleCost {
  readonly process: string;
  /** CPU seconds that the process uses per minute. */
  readonly cpuSecondsPerMinute: number;
}

const PORTS = ['functions', 'event-hubs', 'cosmos-db', 'web-pubsub', 'blob', 'queue', 'table'];
/** Until the compiler has optimized what runs all the time. */
const SETTLE_MS = 20_000;
const MEASURED_MS = 30_000;

/** Measures the CPU time of every process of an idle `npm start`. */
export async function measureIdle(): Promise<readonly IdleCost[]> {
  const data = await mkdtemp(join(tmpdir(), 'orders-idle-'));
  const ports = PORTS.flatMap((name) => [`--${name}-port`, '0']);
  const program = runNode(['local/start.ts', ...ports, '--data', data]);
  try {
    await program.printed('Ready.');
    await sleep(SETTLE_MS);
    const pids = [program.pid, ...program.descendants()];
    const before = pids.map(cpuSeconds);
    await sleep(MEASURED_MS);
    const used = pids.map((pid, index) => cpuSeconds(pid) - (before[index] ?? 0));
    const rows = pids.map((pid, index) => row(roleOf(pid), used[index] ?? 0));
    return [
      ...rows,
      row(
        'all',
        used.reduce((sum, seconds) => sum + seconds, 0),
      ),
    ];
  } finally {
    program.interrupt();
    await program.ended();
    await rm(data, { recursive: true });
  }
}

function row(process: string, seconds: number): IdleCost {
  const perMinute = (seconds * 60_000) / MEASURED_MS;
  return { process, cpuSecondsPerMinute: Math.round(perMinute * 100) / 100 };
}

function roleOf(pid: number): string {
  const command = execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  if (command.includes('azurite')) return 'Azurite';
  return command.includes('functions-host') ? 'Functions host with the apps' : 'Event Hubs, Cosmos DB and Web PubSub';
}
