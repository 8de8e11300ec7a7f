import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BIOME } from '../../../scripts/cli/biome.ts';

const AMBIENT: readonly string[] = [
  "export { setTimeout as delay } from 'node:timers/promises';",
  "import { setTimeout as delay } from 'node:timers/promises';",
  "import timers from 'timers';",
  "export const timers = await import('node:timers/promises');",
  "import { performance as p } from 'node:perf_hooks';",
  "import { randomUUID } from 'node:crypto';",
  "import { randomBytes as bytes } from 'node:crypto';",
  "import { createHash, randomInt } from 'node:crypto';",
  "import crypto from 'node:crypto';",
  "import * as random from 'node:crypto';",
  'export const value = Date.now();',
  'export const value = (now = Date.now) => now();',
  'export const value = new Date();',
  'export const value = new Date;',
  'export const value = Date();',
  'export const value = performance.now();',
  'export const value = { perf: performance };',
  'export const value = process.hrtime.bigint();',
  'export const value = setTimeout(() => {}, 1);',
  'export const value = globalThis.setInterval(() => {}, 1);',
  'export const value = setImmediate(() => {});',
  'export const value = AbortSignal.timeout(1);',
  'export const value = Math.random();',
  'export const value = crypto.randomUUID();',
];

const ALLOWED = `import { createHash } from 'node:crypto';
export const date = (now: number) => new Date(now).toISOString();
export const parsed = Date.parse('2026-01-15');
export const hash = createHash('sha256').update('text');
export const late = (timer: (ms: number, callback: () => void) => void) => timer(1, () => {});
`;

const USES_SYSTEM_RUNTIME =
  "import { systemRuntime } from '../shared/system-runtime.ts';\nexport const at = systemRuntime;\n";

const report = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orders-lint-'));
  await Promise.all([
    cp('biome.json', join(folder, 'biome.json')),
    cp('lint', join(folder, 'lint'), { recursive: true }),
  ]);
});
afterAll(() => rm(folder, { recursive: true }));

/** Lints files with the repository's rules. Returns the ones that a rule about the runtime refuses. */
async function refused(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const biome = resolve(BIOME);
  const options = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', ...Object.keys(files)];
  const { stdout } = await promisify(execFile)(process.execPath, [biome, ...options], { cwd: folder }).catch(
    (failure: { readonly stdout: string }) => failure,
  );
  const { diagnostics } = report.parse(JSON.parse(stdout));
  const paths = diagnostics.flatMap(({ category, location }) => (category === 'plugin' ? location.path : []));
  return [...new Set(paths)].toSorted();
}

describe('lint', () => {
  it('refuses every source of time and chance in src', async () => {
    const files = Object.fromEntries(AMBIENT.map((text, index) => [`src/commands/ambient-${index}.ts`, `${text}\n`]));
    expect(await refused(files)).toEqual(Object.keys(files).toSorted());
  });

  it('allows dates of a given time and hashes', async () => {
    expect(await refused({ 'src/commands/allowed.ts': ALLOWED })).toEqual([]);
  });

  it('allows them outside src', async () => {
    expect(await refused({ 'local/clock.ts': AMBIENT.slice(-1).join('\n') })).toEqual([]);
  });

  it('allows the runtime of the machine only in the entry points', async () => {
    const files = {
      'src/sync/index.ts': USES_SYSTEM_RUNTIME,
      'src/sync/app.ts': USES_SYSTEM_RUNTIME,
      'src/sync/lag/lag.ts': USES_SYSTEM_RUNTIME.replace('..', '../..'),
    };
    expect(await refused(files)).toEqual(['src/sync/app.ts', 'src/sync/lag/lag.ts']);
  });
});
