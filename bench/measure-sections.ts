import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { COMPILE_CACHE } from '../local/compile-cache.ts';
import type { KeptResults } from './kept-results.ts';
import { inParallel } from './measuring/drive.ts';
import type { Effort } from './measuring/rounds.ts';
import type { SectionResult } from './report/figure.ts';
import { rowsSchema } from './report/result-schema.ts';
import { SECTIONS } from './sections.ts';

/** Time limit of a section in milliseconds. A section that hangs must not block the others. */
const LIMIT_MS = { quick: 240_000, normal: 420_000, full: 3_600_000 };

const message = z.object({ rows: rowsSchema });

/**
 * Measures sections one after the other, each in a process of its own, so that no section slows down the next one. In a quick run, the
 * `unaffected` ones run at the same time. A section that fails or hangs is reported as not measured, and everything that it started is
 * ended.
 * @param stopping aborts the section that is running, and skips the others
 * @param kept the results to reuse; new results are added to it
 */
export async function measureSections(
  names: readonly string[],
  effort: Effort,
  { stopping, kept }: { readonly stopping: AbortSignal; readonly kept: KeptResults },
): Promise<readonly SectionResult[]> {
  const results = new Map<string, SectionResult>();
  const measure = async (name: string) => {
    if (stopping.aborted) return;
    const known = kept.get(name);
    const result = known ?? (await measureSection(name, effort, stopping));
    if (known === undefined) await kept.add(result);
    results.set(name, result);
  };
  const isUnaffected = (name: string) => effort.quick && SECTIONS.get(name)?.unaffected === true;
  await inParallel(names.filter(isUnaffected), availableParallelism(), measure);
  for (const name of names) if (!isUnaffected(name)) await measure(name);
  return names.flatMap((name) => results.get(name) ?? []);
}

async function measureSection(name: string, effort: Effort, stopping: AbortSignal): Promise<SectionResult> {
  effort.say(`${name} …`);
  const startedAt = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'orders-bench-'));
  await chmod(folder, 0o711); // a peer's database may run as another user
  try {
    const say = (line: string) => effort.say(`${name}: ${line}`);
    const rows = await runSection(name, { ...effort, say }, { folder, stopping });
    return { name, rows, seconds: (performance.now() - startedAt) / 1_000 };
  } catch (error) {
    const missing = error instanceof Error ? error.message : String(error);
    effort.say(`${name}: not measured: ${missing}`);
    return { name, rows: [], missing, seconds: (performance.now() - startedAt) / 1_000 };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

interface Run {
  /** The folder for all temporary files of the section. */
  readonly folder: string;
  readonly stopping: AbortSignal;
}

async function runSection(name: string, { quick, full, rounds, say }: Effort, { folder, stopping }: Run) {
  const child = startSection(name, JSON.stringify({ quick, full, rounds }), folder);
  for (const output of [child.stdout, child.stderr]) if (output) createInterface({ input: output }).on('line', say);
  const limit = LIMIT_MS[quick ? 'quick' : full ? 'full' : 'normal'];
  const end = AbortSignal.any([stopping, AbortSignal.timeout(limit)]);
  const exited = once(child, 'exit');
  const kill = () => killGroup(child);
  if (end.aborted) kill();
  end.addEventListener('abort', kill);
  const [answer] = await Promise.race([once(child, 'message'), exited]);
  await exited;
  end.removeEventListener('abort', kill);
  if (stopping.aborted) throw new Error('it was interrupted');
  if (end.aborted) throw new Error(`it took more than ${limit / 60_000} minutes`);
  const { success, data } = message.safeParse(answer);
  if (!success) throw new Error('it failed; its output says why');
  return data.rows;
}

/** Starts a section as the leader of a process group, so that it can be ended together with everything that it started. */
function startSection(name: string, options: string, folder: string): ChildProcess {
  return fork(join(import.meta.dirname, 'run-section.ts'), [name, options], {
    env: { ...COMPILE_CACHE, ...process.env, TMPDIR: folder, TMP: folder, TEMP: folder },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
}
