import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type EnvironmentName, SETTINGS, scopeOf } from './snapshot-settings.ts';

/** Runs the compiler on the template of one project. */
export interface Bicep {
  /** The compiler's program. */
  readonly path: string;
  /** The project's root. */
  readonly root: string;
  /** Without what the parameter files read, which a snapshot sets itself. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Formats all files.
 * @returns the files that were not formatted, relative to `infra/`
 */
export async function formatFiles({ path, root, env }: Bicep, inPlace: boolean): Promise<readonly string[]> {
  const source = join(root, 'infra');
  const folder = await mkdtemp(join(tmpdir(), 'bicep-format-'));
  try {
    const files = (await readdir(source, { recursive: true })).filter((file) => /\.bicep(param)?$/.test(file));
    for (const file of [...files, 'bicepconfig.json']) await cp(join(source, file), join(folder, file));
    const { status, stderr } = spawnSync(path, ['format', '--pattern', join(folder, '**/*.bicep*')], {
      env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`bicep format failed: ${stderr}`);
    const unformatted: string[] = [];
    for (const file of files) {
      const formatted = await readFile(join(folder, file), 'utf8');
      if (formatted === (await readFile(join(source, file), 'utf8'))) continue;
      unformatted.push(file);
      if (inPlace) await writeFile(join(source, file), formatted);
    }
    return unformatted.sort();
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What a run of `bicep snapshot` said. */
export interface SnapshotRun {
  /** Warnings and errors of compiler and linter, one per line. */
  readonly diagnostics: readonly string[];
  /** Whether the template compiles and, in mode `validate`, predicts what the committed snapshot has. */
  readonly succeeded: boolean;
  /** How the prediction differs. */
  readonly difference: string;
}

/**
 * Compiles, lints and evaluates the template for one environment.
 * @param config a `bicepconfig.json` instead of the template's own
 */
export function snapshot(bicep: Bicep, environment: EnvironmentName, mode: string, config: string): SnapshotRun {
  const file = join(bicep.root, 'infra', `${environment}.bicepparam`);
  const words = ['snapshot', file, '--mode', mode, '--config', config, ...scopeOf(environment)];
  const { status, stdout, stderr } = spawnSync(bicep.path, words, {
    env: { ...bicep.env, ...SETTINGS, NO_COLOR: '1' },
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  });
  const lines = stderr.split('\n').map((line) => line.trim().replace(`${bicep.root}/`, ''));
  const diagnostics = lines.filter((line) => line !== '' && !line.startsWith('Snapshot validation failed'));
  return { diagnostics, succeeded: status === 0, difference: stdout.trim() };
}

/** Sorts a snapshot's resources and outputs by id and name. Bicep writes them in another order after small changes, or each time. */
export async function sortSnapshot({ root }: Bicep, environment: EnvironmentName): Promise<void> {
  const file = join(root, 'infra', `${environment}.snapshot.json`);
  const { predictedResources, outputs, ...others } = snapshotFile.parse(JSON.parse(await readFile(file, 'utf8')));
  const sorted = {
    predictedResources: predictedResources.toSorted((one, other) => compare(one.id, other.id)),
    ...others,
    outputs: Object.fromEntries(Object.entries(outputs).sort(([one], [other]) => compare(one, other))),
  };
  await writeFile(file, `${JSON.stringify(sorted, undefined, 2)}\n`);
}

/** The same order in every locale. */
const compare = (one: string, other: string) => (one < other ? -1 : 1);

const snapshotFile = z.looseObject({
  predictedResources: z.array(z.looseObject({ id: z.string() })),
  outputs: z.record(z.string(), z.unknown()),
});
