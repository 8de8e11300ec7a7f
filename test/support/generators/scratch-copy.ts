import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { BIOME } from '../../../scripts/cli/biome.ts';

const COPIED = [
  'clients/typescript/package.json',
  'clients/typescript/scripts',
  'clients/typescript/src',
  'console/src',
  'src',
  'local',
  'scripts',
  'bench',
  'docs',
  'infra',
  'test',
  'lint',
  'biome.json',
  'compose.yaml',
  '.github',
  'local.settings.json',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];

/** One thread takes two thirds of the CPU time of several. */
const TYPECHECK = ['--noEmit', '--pretty', 'false', '--singleThreaded'];

/** The tools of the repository, run on a copy of its sources. */
export interface ScratchCopy {
  readonly folder: string;
  /** Writes texts by their paths, and formats them. */
  write(files: ReadonlyMap<string, string>): Promise<void>;
  /** What the compiler reports. */
  typecheck(): Promise<string>;
  /** Each returns the tool's output, or throws an error that contains it. */
  generate(...words: readonly string[]): Promise<string>;
  lint(...files: readonly string[]): Promise<string>;
  test(...options: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly failed: boolean;
}

/** Copies the sources to a temporary folder, where a test can change them. */
export async function scratchCopy(): Promise<ScratchCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'orders-copy-'));
  await Promise.all([
    ...COPIED.map((path) => cp(path, join(folder, path), { recursive: true })),
    symlink(resolve('node_modules'), join(folder, 'node_modules')),
  ]);
  await symlink(resolve('clients/typescript/node_modules'), join(folder, 'clients/typescript/node_modules'));
  const biome = JSON.parse(await readFile('biome.json', 'utf8'));
  await writeFile(join(folder, 'biome.json'), JSON.stringify({ ...biome, vcs: { enabled: false } })); // no Git repository
  // Without a compiler for the template: it would take longer than all the rest.
  const env = { ...process.env, PATH: dirname(process.execPath), NUGET_PACKAGES: folder, AZURE_CONFIG_DIR: folder };
  const execute = (script: string, ...options: readonly string[]): Promise<Output> =>
    promisify(execFile)(process.execPath, [script, ...options], { cwd: folder, env }).then(
      (output) => ({ ...output, failed: false }),
      ({ stdout, stderr }: Output) => ({ stdout, stderr, failed: true }),
    );
  const run = async (script: string, ...options: readonly string[]): Promise<string> => {
    const { stdout, stderr, failed } = await execute(script, ...options);
    if (failed) throw new Error(`${script} failed:\n${stdout}${stderr}`);
    return stdout;
  };
  return {
    folder,
    write: async (files) => {
      for (const [path, text] of files) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
      const formatted = [...files.keys()].filter((path) => /\.(ts|json)$/.test(path));
      await run(BIOME, 'check', '--write', '--linter-enabled=false', ...formatted);
    },
    typecheck: async () => (await execute('node_modules/typescript/bin/tsc', ...TYPECHECK)).stdout,
    generate: (...words) => run('scripts/new.ts', ...words),
    lint: (...files) => run(BIOME, 'check', ...files),
    test: (...options) => run('node_modules/vitest/vitest.mjs', 'run', '--no-cache', '--maxWorkers=1', ...options),
    remove: () => rm(folder, { recursive: true }),
  };
}
