import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const NAME = 'cqrs-orders-client';
const DEPENDENCIES = ['openapi-fetch', '@types'];

/** A project with the strict types of an ordinary consumer. It also checks the declarations of the package. */
const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    lib: ['ES2022', 'DOM', 'DOM.AsyncIterable'],
    types: ['node'],
    strict: true,
    noEmit: true,
  },
};

/** A project outside the repository that has installed the package. The examples of its README are in the folder. */
export interface ClientProject {
  /** The files of the package. */
  files(): Promise<readonly string[]>;
  /** Compiles the examples. Throws an error with the compiler's output. */
  typecheck(): Promise<void>;
  /** Runs an example in Node. Resolves to its output. */
  run(file: string, env: Readonly<Record<string, string>>): Promise<string>;
  /** Bundles a module for browsers. It can import the package and the examples. */
  bundle(source: string): Promise<string>;
  remove(): Promise<void>;
}

/** Packs the client, and installs the package with dependencies from the repository. */
export async function installPackedClient(): Promise<ClientProject> {
  const folder = await mkdtemp(join(tmpdir(), 'orders-client-'));
  const modules = join(folder, 'node_modules');
  const installed = join(modules, NAME);
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await mkdir(installed, { recursive: true });
  const tarball = await run('npm', ['pack', '--silent', '--workspace', NAME, '--pack-destination', folder]);
  await run('tar', ['-xzf', join(folder, tarball.trim()), '--strip-components=1', '-C', installed]);
  const examples = examplesIn(await readFile(join(installed, 'README.md'), 'utf8'));
  await Promise.all([
    ...DEPENDENCIES.map((name) => symlink(resolve('node_modules', name), join(modules, name))),
    ...[...examples].map(([name, text]) => write(name, text)),
    write('package.json', '{ "type": "module" }'),
    write('tsconfig.json', JSON.stringify(TSCONFIG)),
  ]);
  return {
    files: async () => {
      const entries = await readdir(installed, { recursive: true, withFileTypes: true });
      const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
      return paths.map((path) => path.slice(installed.length + 1)).sort();
    },
    typecheck: async () => {
      await run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '--project', folder]);
    },
    run: (file, env) => run(process.execPath, [join(folder, file)], env),
    bundle: async (contents) => {
      const stdin = { contents, resolveDir: folder, loader: 'ts' as const };
      const { outputFiles } = await build({ stdin, bundle: true, format: 'esm', platform: 'browser', write: false });
      return outputFiles[0]?.text ?? '';
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

/** The examples of a README, by the name that follows the language. */
function examplesIn(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/^```ts (\S+)\n(.*?)^```$/gms)].map(([, name = '', code = '']) => [name, code]));
}

async function run(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const options = { env: { ...process.env, ...env } };
  const { stdout } = await promisify(execFile)(file, args, options).catch(
    ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => {
      throw new Error(`${file} failed:\n${stdout}${stderr}`);
    },
  );
  return stdout;
}
