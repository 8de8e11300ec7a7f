import { processTree, type RunningProcess } from '../measuring/process-tree.ts';
import type { CpuTime } from './peer.ts';

/** CPU seconds of these processes and everything that they have started. */
export function cpuOf(roots: readonly number[]): number {
  return secondsOf(processTree(roots));
}

/**
 * CPU time of a process and everything that it has started.
 * @param isStandIn whether a command line is that of a stand-in for an Azure service
 */
export function cpuByRole(root: number, isStandIn: (command: string) => boolean): CpuTime {
  const processes = processTree([root]);
  return { all: secondsOf(processes), standIns: secondsOf(processes.filter(({ command }) => isStandIn(command))) };
}

const secondsOf = (processes: readonly RunningProcess[]): number =>
  processes.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
