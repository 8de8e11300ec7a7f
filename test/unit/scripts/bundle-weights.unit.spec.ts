import type { Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { bytesAtStart, weightsOf } from '../../../scripts/bundle/weights.ts';

type Output = Metafile['outputs'][string];
type Import = Output['imports'][number];

const atOnce = (path: string): Import => ({ path, kind: 'import-statement' });
const later = (path: string): Import => ({ path, kind: 'dynamic-import' });

/** @param sizes bytes by source file */
function output(sizes: Readonly<Record<string, number>>, imports: Import[], entryPoint?: string): Output {
  const inputs = Object.fromEntries(Object.entries(sizes).map(([path, bytesInOutput]) => [path, { bytesInOutput }]));
  const bytes = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  return { bytes, inputs, imports, exports: [], ...(entryPoint !== undefined && { entryPoint }) };
}

const METAFILE: Metafile = {
  inputs: {},
  outputs: {
    'dist/sync/index.cjs': output(
      { 'src/sync/app.ts': 9_000, 'node_modules/zod/a.js': 1_000 },
      [atOnce('dist/sync/shared.cjs'), later('dist/sync/sql.cjs'), { ...atOnce('node:fs'), external: true }],
      'src/sync/index.ts',
    ),
    'dist/sync/shared.cjs': output({ 'node_modules/a/node_modules/@b/c/x.js': 5_000 }, []),
    'dist/sync/sql.cjs': output(
      { 'node_modules/mssql/x.js': 30_000 },
      [atOnce('dist/sync/shared.cjs'), atOnce('dist/sync/more.cjs')],
      'src/shared/sql.ts',
    ),
    'dist/sync/more.cjs': output({ 'node_modules/iconv-lite/x.js': 40_000 }, []),
    'dist/sync/small.cjs': output({ 'src/sync/small.ts': 100 }, [], 'src/sync/small.ts'),
  },
};

describe('the weights of a bundle', () => {
  it('count what is imported at once for the start, and not what is imported later', () => {
    expect(bytesAtStart(METAFILE)).toBe(15_000);
  });

  it('are listed by package, for the start and for each part that is loaded later', () => {
    expect(weightsOf('sync', METAFILE).split('\n')).toEqual([
      'sync: at the start 15 KB: src 9 KB, @b/c 5 KB, zod 1 KB',
      '  + sql.ts 70 KB: iconv-lite 40 KB, mssql 30 KB',
    ]);
  });
});
