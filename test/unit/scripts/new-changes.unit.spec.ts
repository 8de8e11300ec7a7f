import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Changes } from '../../../scripts/new/changes.ts';

const TABLE = `import { one } from './one.ts';

/** Brackets in ] comments, "strings" and \`templates\` do not count. */
const table: readonly string[] = [
  one, // the ] first
  ']',
];
const names = ['a'];
`;

let folder: string;
let changes: Changes;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'changes-'));
  writeFileSync(join(folder, 'table.ts'), TABLE);
  changes = new Changes(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const changed = () => changes.files.get('table.ts');

describe('changes', () => {
  it('write nothing themselves', () => {
    changes.create('new.ts', 'text');
    changes.addEntry('table.ts', /const names = \[/, "'b'");

    expect(readdirSync(folder)).toEqual(['table.ts']);
    expect(readFileSync(join(folder, 'table.ts'), 'utf8')).toBe(TABLE);
    expect([...changes.files.keys()]).toEqual(['new.ts', 'table.ts']);
  });

  it('add an entry to the end of a list, on one line or on several', () => {
    changes.addEntry('table.ts', /const table: .* = \[/, '  two');
    changes.addEntry('table.ts', /const names = \[/, "'b'");

    expect(changed()).toContain("  ']',\n  two,\n];");
    expect(changed()).toContain("const names = ['a', 'b'];");
  });

  it('import a name from a new module, and add it to the names of a known one', () => {
    changes.addImport('table.ts', 'type Two', './one.ts');
    changes.addImport('table.ts', 'type Three', './three.ts');
    changes.addImport('table.ts', 'type Four', './three.ts');
    changes.addImport('table.ts', 'type Three', './three.ts');

    expect(changed()).toContain("import { one, type Two } from './one.ts';\n");
    expect(changed()).toContain("import type { Three, Four } from './three.ts';\n");
  });

  it('build on each other', () => {
    changes.create('new.ts', 'const list = [];');
    changes.addEntry('new.ts', /list = \[/, 'one');

    expect(changes.text('new.ts').replaceAll(/\s/g, '')).toBe('constlist=[one,];');
  });

  it.each([
    ['the place does not exist', /const other = \[/, 'table.ts has 0 places that match /const other = \\[/'],
    ['there are several places', /const \w+/, 'table.ts has 2 places'],
  ])('are refused when %s', (_why, place, message) => {
    expect(() => changes.addAfter('table.ts', place, 'code')).toThrow(message);
  });

  it('are refused for a new file that exists, and for one that does not', () => {
    expect(() => changes.create('table.ts', '')).toThrow('table.ts exists already');
    expect(() => changes.addAfter('other.ts', /x/, 'code')).toThrow('other.ts does not exist');
  });
});
