import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * CPU seconds that a running process has used. On Linux, `ps` reports whole seconds, so the kernel's counter in steps of 10 ms is read.
 * @throws {Error} when the process does not run
 */
export function cpuSeconds(pid: number): number {
  if (process.platform !== 'linux') return psSeconds(pid);
  // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: utime and stime are fields 14 and 15; the name may contain blanks
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** From `[hours:]minutes:seconds`. */
function psSeconds(pid: number): number {
  const time = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  return time.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0);
}
