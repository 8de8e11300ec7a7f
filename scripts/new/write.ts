import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BIOME } from '../cli/biome.ts';
import { GATEWAY_FOLDER } from '../generate/gateway.ts';
import { NotGenerated } from './not-generated.ts';

/** The folders in which `npm run generate` writes. */
const GENERATED = ['docs', GATEWAY_FOLDER, 'clients/typescript/src/generated'];

/** What ends a program before it is done: Ctrl-C, a canceled job, and a terminal that closes. */
const INTERRUPTIONS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Writes files, formats them, and generates what follows from the code. When that fails or is interrupted, all files are as they were before.
 * @param files the texts, by paths relative to the project's root
 * @throws NotGenerated with the output of what failed
 */
export async function writeAll(files: ReadonlyMap<string, string>, root: string): Promise<void> {
  const generated = () => GENERATED.flatMap((folder) => filesIn(root, folder));
  const before = new Map([...generated(), ...files.keys()].map((path) => [path, textOf(join(root, path))]));
  const interruption = new AbortController();
  const interrupt = () => interruption.abort(new NotGenerated('Nothing was written, because this was interrupted.'));
  for (const signal of INTERRUPTIONS) process.on(signal, interrupt);
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const formatted = [...files.keys()].filter((path) => /\.(ts|json)$/.test(path));
    await runNode(root, [BIOME, 'check', '--write', '--linter-enabled=false', ...formatted], interruption.signal);
    await runNode(root, ['scripts/generate.ts'], interruption.signal);
  } catch (error) {
    for (const path of new Set([...before.keys(), ...generated()])) restore(join(root, path), before.get(path));
    throw error;
  } finally {
    for (const signal of INTERRUPTIONS) process.off(signal, interrupt);
  }
}

/** The paths of all files in a folder, relative to the root. */
function filesIn(root: string, folder: string): readonly string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names.map((name) => join(folder, name)).filter((path) => statSync(join(root, path)).isFile());
}

const textOf = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

function restore(path: string, text: string | undefined): void {
  if (text === undefined) rmSync(path, { force: true });
  else if (text !== textOf(path)) writeFileSync(path, text);
}

/** Waits for the end of the script also after an interruption, so that it cannot write a file that has been restored. */
async function runNode(
  root: string,
  [script = '', ...options]: readonly string[],
  interruption: AbortSignal,
): Promise<void> {
  const { failed, output } = await new Promise<{ readonly failed: boolean; readonly output: string }>((resolve) => {
    execFile(process.execPath, [script, ...options], { cwd: root }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, output: stdout + stderr }),
    );
  });
  interruption.throwIfAborted();
  if (failed) throw new NotGenerated(`Nothing was written, because ${script} failed:\n\n${output}`);
}

/** The exit code of the check when it finds no compiler. */
const NO_COMPILER = 3;

/**
 * Updates the snapshots of the template.
 * @returns whether they were updated, and if not, what the check reports; an empty reason when there is no compiler
 */
export function updateSnapshots(root: string): { readonly updated: boolean; readonly reason: string } {
  const options = { cwd: root, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/infra-check.ts', '--update'], options);
  const updated = status === 0;
  return { updated, reason: updated || status === NO_COMPILER ? '' : `${stderr}${stdout}` };
}
