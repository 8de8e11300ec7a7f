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
  /** Each returns the tool's output, or throws an error that contains it. */
  typecheck(): Promise<string>;
  lint(): Promise<string>;
  test(...files: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

/** Copies the sources to a temporary folder, where a test can change them. */
export async function scratchCopy(): Promise<ScratchCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'orders-recipe-'));
  await Promise.all([
    ...COPIED.map((path) => cp(path, join(folder, path), { recursive: true })),
    symlink(resolve('node_modules'), join(folder, 'node_modules')),
  ]);
  await symlink(resolve('clients/typescript/node_modules'), join(folder, 'clients/typescript/node_modules'));
  const run = async (tool: string, ...options: readonly string[]): Promise<string> => {
    const script = join(folder, 'node_modules', tool);
    const { stdout } = await promisify(execFile)(process.execPath, [script, ...options], { cwd: folder }).catch(
      ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => {
        throw new Error(`${tool} failed:\n${stdout}${stderr}`);
      },
    );
    return stdout;
  };
  return {
    folder,
    typecheck: () => run('typescript/bin/tsc', '--noEmit', '--pretty', 'false'),
    lint: () => run('@biomejs/biome/bin/biome', 'check', '--vcs-enabled=false', 'src', 'test'),
    test: (...files) => run('vitest/vitest.mjs', 'run', '--no-cache', ...files),
    remove: () => rm(folder, { recursive: true }),
  };
}
