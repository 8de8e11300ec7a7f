import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const COPIED = [
  'clients/typescript/package.json',
  'clients/typescript/scripts',
  'clients/typescript/src',
  'src',
  'local',
  'scripts',
  'bench',
  'infra/modules',
  'test/support',
  'test/contract',
  'test/fixtures/releases',
  'biome.json',
  'lint',
  'local.settings.json',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];

/** The tools of the repository, run on a copy of its sources. */
export interface ScratchCopy {
  readonly folder: string;
  /** What the compiler reports. */
  typecheck(): Promise<string>;
  /** Each returns the tool's output, or throws an error that contains it. */
  lint(...files: readonly string[]): Promise<string>;
  test(...files: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly failed: boolean;
}

/** Copies the sources to a temporary folder, where a test can change them. */
export async function scratchCopy(): Promise<ScratchCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'orders-recipe-'));
  await Promise.all([
    ...COPIED.map((path) => cp(path, join(folder, path), { recursive: true })),
    symlink(resolve('node_modules'), join(folder, 'node_modules')),
  ]);
  await symlink(resolve('clients/typescript/node_modules'), join(folder, 'clients/typescript/node_modules'));
  const execute = async (tool: string, ...options: readonly string[]): Promise<Output> => {
    const script = join(folder, 'node_modules', tool);
    const execution = promisify(execFile)(process.execPath, [script, ...options], { cwd: folder });
    return execution.then(
      (output) => ({ ...output, failed: false }),
      ({ stdout, stderr }: Output) => ({ stdout, stderr, failed: true }),
    );
  };
  const run = async (tool: string, ...options: readonly string[]): Promise<string> => {
    const { stdout, stderr, failed } = await execute(tool, ...options);
    if (failed) throw new Error(`${tool} failed:\n${stdout}${stderr}`);
    return stdout;
  };
  return {
    folder,
    typecheck: async () => (await execute('typescript/bin/tsc', '--noEmit', '--pretty', 'false')).stdout,
    lint: (...files) => run('@biomejs/biome/bin/biome', 'check', '--vcs-enabled=false', ...files),
    test: (...files) => run('vitest/vitest.mjs', 'run', '--no-cache', ...files),
    remove: () => rm(folder, { recursive: true }),
  };
}
