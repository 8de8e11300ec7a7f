import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FILES, filesOf } from '../../support/infra/snapshots.ts';

const MAIN = 'infra/main.bicep';
const BICEP = filesOf('.bicep');

/** The files that a Bicep file uses: its modules, imports, and what it loads. */
function usedBy([path, text]: readonly [path: string, text: string]): readonly string[] {
  const names = text.matchAll(/(?:^module \w+ |^import .* from |\bload\w+Content\()'([^']+)'/gm);
  return [...names].map(([, name = '']) => posix.join(posix.dirname(path), name));
}

describe('the files of the template', () => {
  const used = new Set(BICEP.flatMap(usedBy));

  it('are all used', () => {
    const others = /^infra\/(main\.bicep|bicepconfig\.json|what-if-role\.json|\w+\.bicepparam)$/;

    expect([...FILES.keys()].filter((path) => !used.has(path) && !others.test(path))).toEqual([]);
  });

  it('are all there', () => {
    expect(used.size).toBeGreaterThan(20);
    expect([...used].filter((path) => !FILES.has(path))).toEqual([]);
  });

  it('have no output that nobody reads', () => {
    const unread = BICEP.filter(([path]) => path !== MAIN).flatMap(([path, text]) => {
      const readers = BICEP.filter((file) => usedBy(file).includes(path)).map(([, reader]) => reader);
      const outputs = [...text.matchAll(/^output (\w+)/gm)].map(([, name = '']) => name);
      const isRead = (name: string) => readers.some((reader) => new RegExp(`\\.outputs\\.${name}\\b`).test(reader));
      return outputs.filter((name) => !isRead(name)).map((name) => `${path}: ${name}`);
    });

    expect(unread).toEqual([]);
  });
});

describe.each(BICEP)('the parameters and outputs of %s', (_, text) => {
  it('have types that name their properties, so that a misspelt one does not compile', () => {
    expect([...text.matchAll(/^(?:param|output) \w+ (?:object|array)\b.*$/gm)].map(([line]) => line)).toEqual([]);
  });
});
