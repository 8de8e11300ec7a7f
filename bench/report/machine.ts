import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** The machine that a benchmark ran on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** In GiB. */
  readonly memory: number;
  readonly os: string;
  readonly node: string;
  /** Load average of the last minute: near 0 on a quiet machine, and always 0 on Windows. */
  readonly load: number;
}

/** Describes this machine, and how busy it is now. */
export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memory: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${release()}`,
    node: process.version,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}
