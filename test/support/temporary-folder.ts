import { access, constants, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMPILE_CACHE } from '../../local/compile-cache.ts';

/** Linux keeps the files of this folder in memory. */
const IN_MEMORY = '/dev/shm';
/** Much more than the tests of one run write. Containers often have only 64 MB. */
const MIN_FREE_BYTES = 2 ** 31;

let folder: string | undefined;

/**
 * Runs before all tests. Puts their temporary files in memory where that is possible, so that no commit to a SQLite file waits for a disk:
 * tests kill processes, but never cut the power. Lets all processes share one cache of compiled modules.
 */
export async function setup(): Promise<void> {
  Object.assign(process.env, { ...COMPILE_CACHE, ...process.env });
  if (process.env.TMPDIR !== undefined || !(await hasSpace())) return;
  folder = await mkdtemp(join(IN_MEMORY, 'orders-tests-'));
  if (await canExecute(folder)) process.env.TMPDIR = folder;
}

/** Runs after all tests. Removes the temporary files, including those of tests that failed. */
export async function teardown(): Promise<void> {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function hasSpace(): Promise<boolean> {
  const { bavail, bsize } = await statfs(IN_MEMORY).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize >= MIN_FREE_BYTES;
}

/** Containers often mount the folder with `noexec`; some tests write scripts and run them. */
async function canExecute(folder: string): Promise<boolean> {
  const script = join(folder, 'script');
  await writeFile(script, '', { mode: 0o700 });
  return access(script, constants.X_OK).then(
    () => true,
    () => false,
  );
}
