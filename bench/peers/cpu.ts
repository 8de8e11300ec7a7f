import { execFileSync } from 'node:child_process';
import { cpuSeconds } from '../cpu-seconds.ts';

/** CPU seconds of these processes and of all that they have started. */
export function cpuOf(ancestors: readonly number[]): number {
  return sum(withDescendants(ancestors).map(({ pid }) => secondsOf(pid)));
}

/** CPU seconds of a process and of all that it has started, of which a part stands in for Azure's services. */
export function cpuByRole(ancestor: number, isStandIn: (command: string) => boolean) {
  const processes = withDescendants([ancestor]).map(({ pid, command }) => ({ command, seconds: secondsOf(pid) }));
  const standIns = processes.filter(({ command }) => isStandIn(command));
  return { all: sum(processes.map(({ seconds }) => seconds)), standIns: sum(standIns.map(({ seconds }) => seconds)) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** 0 when the process has ended in the meantime. */
function secondsOf(pid: number): number {
  try {
    return cpuSeconds(pid);
  } catch {
    return 0;
  }
}

interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function withDescendants(ancestors: readonly number[]): readonly RunningProcess[] {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .trim()
    .split('\n')
    .map(toProcess);
  const found = processes.filter(({ pid }) => ancestors.includes(pid));
  for (const { pid: ancestor } of found) found.push(...processes.filter(({ parent }) => parent === ancestor));
  return found;
}

function toProcess(row: string): RunningProcess {
  const [pid, parent, ...command] = row.trim().split(/\s+/);
  return { pid: Number(pid), parent: Number(parent), command: command.join(' ') };
}
