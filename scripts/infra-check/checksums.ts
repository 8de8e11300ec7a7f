import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

/** The checksums of all that the snapshots follow from, and of the snapshots, in the format of `sha256sum --check`. */
export const CHECKSUMS = 'infra/snapshots.sha256';

/** How to bring the snapshots up to date. */
export const UPDATE = 'npm run infra:check -- --update';

/** Files outside `infra/` whose change can change a snapshot: the compiler's version, and the values that it is given. */
const SETTINGS = ['scripts/infra-check/compiler.ts', 'scripts/infra-check/snapshot-settings.ts'];

/** In `infra/`: the template, what it loads, and the snapshots. Not the scripts that deploy it, and not the data lake's queries. */
const isInput = (path: string) => /\.(bicep|bicepparam|json|xml)$/.test(path) && !path.startsWith('infra/deploy/');

/**
 * The checksums as they should be in {@link CHECKSUMS}, one line per file, by paths relative to the project.
 * @param root the project's root
 */
export async function checksumsOf(root: string): Promise<string> {
  const found = await readdir(join(root, 'infra'), { recursive: true });
  const inputs = found.map((path) => posix.join('infra', path.replaceAll('\\', '/'))).filter(isInput);
  const lines = [...inputs, ...SETTINGS].sort().map(async (path) => {
    const hash = createHash('sha256').update(await readFile(join(root, path)));
    return `${hash.digest('hex')}  ${path}\n`;
  });
  return (await Promise.all(lines)).join('');
}

/**
 * The files that have changed since the snapshots were made, came after it, or are gone.
 * @param recorded the text of {@link CHECKSUMS}
 * @param actual what {@link checksumsOf} returns
 */
export function changedFiles(recorded: string, actual: string): readonly string[] {
  const before = recorded.split('\n');
  const after = actual.split('\n');
  const differing = [
    ...before.filter((line) => !after.includes(line)),
    ...after.filter((line) => !before.includes(line)),
  ];
  return [...new Set(differing.map((line) => line.replace(/^\w+ {2}/, '')))].sort();
}
