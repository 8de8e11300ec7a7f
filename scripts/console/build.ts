import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { glob, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Where the console's files are after a build. */
export const CONSOLE_FOLDER = 'dist/console';

/** Everything that a build reads. The lock file stands for the libraries. */
const SOURCES = [
  'console/{index.html,package.json,tsconfig.json,vite.config.ts}',
  'console/{src,public}/**/*.*',
  'clients/typescript/src/**/*.ts',
  'docs/{operations.md,events/*.json}',
  'src/shared/money.ts',
  'scripts/console/runbook.ts',
  'package-lock.json',
];
/** The file with the hash of the sources of a build. */
const HASH_FILE = '.sources';

/**
 * Builds the console in a process of low priority, unless it is up to date. Safe to run concurrently: a build replaces the folder as a whole.
 * @param signal ends a running build, whose process has ended when the promise settles
 * @throws {Error} with the output of the build
 */
export async function buildConsole(signal?: AbortSignal): Promise<void> {
  const hash = await hashSources();
  if (hash === (await readFile(join(CONSOLE_FOLDER, HASH_FILE), 'utf8').catch(() => undefined))) return;
  const folder = `${CONSOLE_FOLDER}.${process.pid}`;
  try {
    await runVite(folder, signal);
    await writeFile(join(folder, HASH_FILE), hash);
    await replaceFolder(CONSOLE_FOLDER, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Maximum attempts to replace a folder that other programs are using, and the pause between them. */
const MAX_REPLACEMENTS = 50;
const REPLACEMENT_PAUSE_MS = 20;
/** Error codes when another program has just filled the folder, or has one of its files open, in which case Windows refuses to replace it. */
const IN_USE = new Set<unknown>(['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES', 'EBUSY']);

/** Moves a folder to a place, and replaces the files there. Several programs may do so at the same time: the last one wins. */
export async function replaceFolder(place: string, folder: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rm(place, { recursive: true, force: true });
      return await rename(folder, place);
    } catch (error) {
      const isInUse = error instanceof Error && 'code' in error && IN_USE.has(error.code);
      if (!isInUse || attempt === MAX_REPLACEMENTS) throw error;
      await setTimeout(REPLACEMENT_PAUSE_MS);
    }
  }
}

async function hashSources(): Promise<string> {
  const files: string[] = [];
  for await (const file of glob(SOURCES)) files.push(file);
  const hash = createHash('sha256');
  for (const file of files.toSorted()) hash.update(`${file}\0`).update(await readFile(file));
  return hash.digest('hex');
}

async function runVite(folder: string, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const vite = [
    'node_modules/vite/bin/vite.js',
    'build',
    'console',
    '--outDir',
    join('..', folder),
    '--logLevel',
    'warn',
  ];
  const env = { ...process.env, NODE_ENV: 'production' }; // a test runner sets another one, which would build React for debugging
  // In a process group of its own: Ctrl-C reaches only this process, which then ends the build.
  const child = spawn(process.execPath, vite, {
    env,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => child.kill();
  signal?.addEventListener('abort', stop);
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  const output = outputOf(child);
  const [code]: unknown[] = await once(child, 'close');
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (code !== 0) throw new Error(`The console cannot be built:\n${output()}`);
}

function outputOf(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return () => output;
}
