import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const LIMIT_MS = 600_000;
const npm = (args: readonly string[], cwd: string) =>
  promisify(execFile)('npm', args, {
    cwd,
    timeout: LIMIT_MS,
    shell: process.platform === 'win32', // npm is a batch file there
  });

/**
 * Installs the packages of a folder from its lock file and runs its build, unless that has been done for the same lock file.
 * @param path relative to this folder
 * @throws {Error} when npm cannot install them
 */
export async function installPackages(path: string, say: (line: string) => void): Promise<void> {
  const folder = join(import.meta.dirname, path);
  const installed = join(folder, 'node_modules', '.installed-from.json');
  const lock = await readFile(join(folder, 'package-lock.json'), 'utf8');
  if (existsSync(installed) && (await readFile(installed, 'utf8')) === lock) return;
  say(`Installing the packages of ${join('bench/peers', path)} from the npm registry, once …`);
  await npm(['ci', '--no-audit', '--no-fund'], folder);
  await npm(['run', '--if-present', 'build'], folder);
  await writeFile(installed, lock);
}
