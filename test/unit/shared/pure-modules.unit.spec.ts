import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** What a pure module may load: our own pure modules, zod, which describes the events, and parts of Node that do no I/O. */
const ALLOWED =
  /^(node:(crypto|util|buffer)|file:.*\/(src\/(commands\/.*domain|sync\/projections|shared)|node_modules\/zod)\/.*)$/;

/** Imports a module in a process of its own and prints the address of every module that was loaded with it. */
const LOADER = `
  import { registerHooks } from 'node:module';
  const loaded = new Set();
  registerHooks({ resolve: (specifier, context, next) => {
    const resolved = next(specifier, context);
    loaded.add(resolved.url);
    return resolved;
  } });
  await import(process.argv[1]);
  console.log(JSON.stringify([...loaded]));
`;

async function loadedBy(module: string): Promise<readonly string[]> {
  const url = new URL(`../../../${module}`, import.meta.url).href;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', LOADER, '--', url]);
  return JSON.parse(stdout);
}

const modules = globSync(['src/commands/**/domain/*.ts', 'src/sync/projections/*.ts']).toSorted();

describe('importing a pure module', () => {
  it('covers the domains and the projections', () => {
    expect(modules).toContain('src/commands/orders/domain/decide.ts');
    expect(modules).toContain('src/sync/projections/sales-daily.ts');
  });

  it.each(modules)('%s loads no SDK and nothing that does I/O', async (module) => {
    const loaded = await loadedBy(module);
    expect(loaded.filter((url) => !ALLOWED.test(url))).toEqual([]);
  });
});
