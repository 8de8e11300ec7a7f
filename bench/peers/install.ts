import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const FOLDER = import.meta.dirname;
/** The lock file that the packages were installed from. */
const INSTALLED = join(FOLDER, 'node_modules', '.installed-from.json');
const LIMIT_MS = 600_000;

/**
 * Installs the packages of the peers, unless they are installed as the lock file says.
 * @throws {Error} when npm cannot install them
 */
export async function installPeers(say: (line: string) => void): Promise<void> {
  const lock = await readFile(join(FOLDER, 'package-lock.json'), 'utf8');
  if (existsSync(INSTALLED) && (await readFile(INSTALLED, 'utf8')) === lock) return;
  say('Installing the packages of the peers into bench/peers/node_modules, once: some 130 MB from the npm registry …');
  await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: FOLDER,
    timeout: LIMIT_MS,
    shell: process.platform === 'win32', // npm is a batch file there
  });
  await writeFile(INSTALLED, lock);
}
