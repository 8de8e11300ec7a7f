/** The bundles of `npm start`, which are written only when their sources have changed. */
import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { z } from 'zod';
import { writeWhole } from '../scripts/bundle/files.ts';

/** The apps' bundles. */
export interface Bundles {
  /** Writes them again; reads only what has changed. Throws when the sources have errors, which are printed. */
  write(): Promise<void>;
  dispose(): Promise<void>;
}

export interface BundleOptions extends BuildOptions {
  /** Packages are not bundled, so that all sources are below `src`. */
  readonly packages: 'external';
  readonly outdir: string;
  /** The folder that contains `src`. */
  readonly absWorkingDir: string;
}

/** What the bundles were made from, and what they were when they were written. Hashes are SHA-256. */
const stampSchema = z.object({ sources: z.string(), bundles: z.record(z.string(), z.string()) });

/** Files outside `src` that esbuild reads. */
const SETTINGS = ['package.json', 'tsconfig.json'];

/** Bundles the apps unless their bundles are those of the sources. Loads esbuild only when it must bundle. */
export async function bundleFunctions(options: BundleOptions): Promise<Bundles> {
  const stamp = join(options.absWorkingDir, options.outdir, 'stamp.json');
  let bundler: Awaited<ReturnType<typeof openBundler>> | undefined;
  const write = async () => {
    const sources = hashSources(options); // first: a file that changes after this is noticed at the next start
    bundler ??= await openBundler(options);
    const bundles = await bundler.bundle();
    await Promise.all(bundles.map(({ path, contents }) => writeWhole(path, contents)));
    const hashes = Object.fromEntries(bundles.map(({ path, contents }) => [path, hash('sha256', contents)]));
    await writeWhole(stamp, Buffer.from(JSON.stringify({ sources, bundles: hashes })));
  };
  if (!isUpToDate(stamp, options)) await write();
  return { write, dispose: async () => bundler?.dispose() };
}

async function openBundler(options: BundleOptions) {
  const { context, stop } = await import('esbuild');
  const bundler = await context({ ...options, write: false });
  return {
    bundle: async () => (await bundler.rebuild()).outputFiles ?? [],
    dispose: async () => {
      await bundler.dispose();
      await stop(); // its process
    },
  };
}

/** Compares the bundles, too: another start may have written some of them from other sources. */
function isUpToDate(stamp: string, options: BundleOptions): boolean {
  try {
    const { sources, bundles } = stampSchema.parse(JSON.parse(readFileSync(stamp, 'utf8')));
    const isWhole = ([path, expected]: [string, string]) => hash('sha256', readFileSync(path)) === expected;
    return Object.entries(bundles).every(isWhole) && sources === hashSources(options);
  } catch {
    return false; // a file is missing, or the stamp is damaged
  }
}

/** Hashes everything that decides what esbuild writes: its version, the options, and all files that it can read. */
function hashSources(options: BundleOptions): string {
  const files = readdirSync(join(options.absWorkingDir, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  const settings = SETTINGS.map((name) => join(options.absWorkingDir, name));
  const version = readFileSync(createRequire(import.meta.url).resolve('esbuild/package.json'), 'utf8');
  const hashes = [...settings, ...files].map((path) => [path, hash('sha256', contentsOf(path))]);
  return hash('sha256', JSON.stringify([version, options, hashes]));
}

/** Empty for a file that does not exist, such as a temporary one that an editor has just deleted. */
function contentsOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
