import { basename } from 'node:path';
import type { Metafile } from 'esbuild';

type Outputs = Metafile['outputs'];

/** Parts that are smaller (bytes) are left out of the list. */
const SMALLEST = 20_000;
/** Packages that are named per part. */
const PACKAGES = 6;

/** Returns the bytes that an app loads at its start: its index.cjs, and the files that this one imports at once. */
export function bytesAtStart({ outputs }: Metafile): number {
  return bytesOf(filesAtStart(outputs), outputs);
}

/**
 * Describes what an app loads at its start, and what later, because only a setting or one function needs it.
 * @param metafile of the app's bundle
 */
export function weightsOf(app: string, { outputs }: Metafile): string {
  const atStart = filesAtStart(outputs);
  const later = Object.entries(outputs)
    .filter(([path, { entryPoint }]) => entryPoint !== undefined && !atStart.has(path))
    .map(([path, { entryPoint = '' }]) => {
      const files = new Set([...filesOf(path, outputs)].filter((file) => !atStart.has(file)));
      return { name: partName(entryPoint), files, bytes: bytesOf(files, outputs) };
    })
    .filter(({ bytes }) => bytes >= SMALLEST)
    .toSorted((a, b) => b.bytes - a.bytes);
  return [
    `${app}: at the start ${describe(atStart, outputs)}`,
    ...later.map(({ name, files }) => `  + ${name} ${describe(files, outputs)}`),
  ].join('\n');
}

function filesAtStart(outputs: Outputs): ReadonlySet<string> {
  return filesOf(Object.keys(outputs).find((path) => path.endsWith('/index.cjs')) ?? '', outputs);
}

/** A file, and what it imports at once. */
function filesOf(path: string, outputs: Outputs, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const imported of outputs[path]?.imports ?? []) {
    if (imported.kind === 'import-statement' && imported.external !== true) filesOf(imported.path, outputs, found);
  }
  return found;
}

const bytesOf = (files: ReadonlySet<string>, outputs: Outputs): number =>
  [...files].reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0);

function describe(files: ReadonlySet<string>, outputs: Outputs): string {
  const packages = new Map<string, number>();
  for (const file of files) {
    for (const [path, { bytesInOutput }] of Object.entries(outputs[file]?.inputs ?? {})) {
      packages.set(packageName(path), (packages.get(packageName(path)) ?? 0) + bytesInOutput);
    }
  }
  const heaviest = [...packages].toSorted(([, a], [, b]) => b - a).slice(0, PACKAGES);
  const named = heaviest.map(([name, bytes]) => `${name} ${kilobytes(bytes)}`).join(', ');
  return `${kilobytes(bytesOf(files, outputs))}: ${named}`;
}

const partName = (entryPoint: string): string =>
  entryPoint.startsWith('src/') ? basename(entryPoint) : packageName(entryPoint);

/** The package of a source file, or `src` for the project's own. */
const packageName = (path: string): string =>
  path
    .split('node_modules/')
    .at(-1)
    ?.match(/^(@[^/]+\/)?[^/]+/)?.[0] ?? path;

const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1000)} KB`;
