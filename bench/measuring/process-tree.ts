import { execFileSync } from 'node:child_process';
import { cpuSeconds } from '../cpu-seconds.ts';

/** A running process. */
export interface RunningProcess {
  readonly pid: number;
  /** Its command line. */
  readonly command: string;
  /** CPU seconds that it has used since its start. */
  readonly cpuSeconds: number;
}

/**
 * Lists processes and everything that they have started, directly or indirectly.
 * @param roots process ids
 */
export function processTree(roots: readonly number[]): readonly RunningProcess[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const processes = rows.trim().split('\n').map(toProcess);
  const found = processes.filter(({ pid }) => roots.includes(pid));
  // The list grows while the loop runs, so it reaches the descendants at every depth.
  for (const { pid } of found) found.push(...processes.filter(({ parent }) => parent === pid));
  return found.map(({ pid, command }) => ({ pid, command, cpuSeconds: secondsOf(pid) }));
}

function toProcess(row: string) {
  const [pid, parent, ...command] = row.trim().split(/\s+/);
  return { pid: Number(pid), parent: Number(parent), command: command.join(' ') };
}

/** 0 when the process has ended in the meantime. */
function secondsOf(pid: number): number {
  try {
    return cpuSeconds(pid);
  } catch {
    return 0;
  }
}
