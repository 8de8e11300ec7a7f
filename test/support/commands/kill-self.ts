import { flushCompileCache } from 'node:module';

/** Kills this process (SIGKILL). Node writes its cache of compiled modules when a process exits, so this does it before. */
export function killSelf(): void {
  flushCompileCache();
  process.kill(process.pid, 'SIGKILL');
}
