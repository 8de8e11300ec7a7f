import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** The script of Biome, which formats files and sorts their imports. Node runs it on every system, with or without npm. */
export const BIOME = 'node_modules/@biomejs/biome/bin/biome';

/**
 * Formats files and all files in folders.
 * @param paths relative to the root
 * @throws {Error} with what Biome reports, also when it leaves a file out, such as one that is too large
 */
export function formatFiles(paths: readonly string[], root = '.'): void {
  const options = ['format', '--write', '--error-on-warnings', ...paths];
  execFileSync(process.execPath, [resolve(BIOME), ...options], { cwd: root, stdio: 'pipe' });
}
