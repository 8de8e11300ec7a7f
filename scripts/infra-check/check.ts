import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Bicep, formatFiles, snapshot, sortSnapshot } from './bicep.ts';
import { CHECKSUMS, changedFiles, checksumsOf, UPDATE } from './checksums.ts';
import { ENVIRONMENTS } from './snapshot-settings.ts';

/** The compiler's configuration: only what is read here. */
const configuration = z.looseObject({
  analyzers: z.looseObject({ core: z.looseObject({ rules: z.record(z.string(), z.unknown()) }) }),
});

/**
 * Only the check asks for the newest stable API versions, so that a deployment does not warn of one that came since. Of diagnostic
 * settings there is no stable version that knows category groups, and of streaming jobs none with user-assigned identities.
 */
const NEWEST_VERSIONS = { 'use-recent-api-versions': { level: 'warning', maxAgeInDays: 0 } };
const isExcepted = (line: string) =>
  /use-recent-api-versions: .*'Microsoft\.(Insights\/diagnosticSettings|StreamAnalytics\/streamingjobs)'/.test(line);

/**
 * Checks the template with Bicep's compiler: format, all that the compiler and its linter report, and the committed snapshots.
 * @param update whether to format the files and write the snapshots instead of comparing them
 * @returns what is wrong, one problem each
 */
export async function check(bicep: Bicep, update: boolean): Promise<readonly string[]> {
  const unformatted = await formatFiles(bicep, update);
  const compiled = await withConfiguration(bicep.root, (config) => compile(bicep, update, config));
  if (update && compiled.length === 0) {
    for (const environment of ENVIRONMENTS) await sortSnapshot(bicep, environment);
    await writeFile(join(bicep.root, CHECKSUMS), await checksumsOf(bicep.root));
  }
  return [
    ...(update ? [] : unformatted.map((file) => `infra/${file} is not formatted: ${UPDATE}`)),
    ...compiled,
    ...(update ? [] : await staleFiles(bicep.root)),
  ];
}

function compile(bicep: Bicep, update: boolean, config: string): readonly string[] {
  const problems = ENVIRONMENTS.flatMap((environment) => {
    const run = snapshot(bicep, environment, update ? 'overwrite' : 'validate', config);
    const diagnostics = run.diagnostics.filter((line) => !isExcepted(line));
    if (run.difference !== '')
      return [...diagnostics, `The snapshot of ${environment} is stale: ${UPDATE}`, run.difference];
    if (run.succeeded || diagnostics.length > 0) return diagnostics;
    return [`The compiler ended without a word for ${environment}.`];
  });
  return [...new Set(problems)];
}

async function staleFiles(root: string): Promise<readonly string[]> {
  const recorded = await readFile(join(root, CHECKSUMS), 'utf8').catch(() => '');
  return changedFiles(recorded, await checksumsOf(root)).map(
    (file) => `${file} has changed since the snapshots: ${UPDATE}`,
  );
}

/** Runs `action` with the path of the template's configuration and the rule on API versions. */
async function withConfiguration<T>(root: string, action: (config: string) => T): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bicep-config-'));
  try {
    const text = await readFile(join(root, 'infra', 'bicepconfig.json'), 'utf8');
    const own = configuration.parse(JSON.parse(text));
    const core = { ...own.analyzers.core, rules: { ...own.analyzers.core.rules, ...NEWEST_VERSIONS } };
    const config = join(folder, 'bicepconfig.json');
    await writeFile(config, JSON.stringify({ ...own, analyzers: { ...own.analyzers, core } }));
    return action(config);
  } finally {
    await rm(folder, { recursive: true });
  }
}
