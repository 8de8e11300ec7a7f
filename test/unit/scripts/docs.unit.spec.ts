import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const DOCUMENTS = globSync([
  '*.md',
  'docs/**/*.md',
  'local/*/README.md',
  'infra/**/README.md',
  'clients/*/README.md',
]).toSorted();

const textOf = (document: string) => readFileSync(document, 'utf8');
const withoutCode = (text: string) => text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '');

/** Links to files of the repository, without the part after #. */
function linksIn(text: string): readonly string[] {
  const links = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => link ?? []);
  return links.filter((link) => !/^(https?:|mailto:)/.test(link));
}

/** The anchors of a document's headings, as GitHub derives them. */
function anchorsIn(text: string): readonly string[] {
  return [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Files and folders in backticks, such as `src/commands/functions.ts`. */
function pathsIn(text: string): readonly string[] {
  const paths = [...withoutCode(text).matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`/g)].flatMap(([, path]) => path ?? []);
  return paths.filter((path) => TOP_FOLDERS.has(path.split('/')[0] ?? ''));
}
const TOP_FOLDERS: ReadonlySet<string> = new Set([
  'src',
  'test',
  'docs',
  'local',
  'infra',
  'scripts',
  'bench',
  'clients',
]);

describe('the documentation', () => {
  it('has its documents where the tests look for them', () => {
    expect(DOCUMENTS).toContain('README.md');
    expect(DOCUMENTS).toContain('docs/architecture.md');
  });

  it.each(DOCUMENTS)('has no broken link in %s', (document) => {
    const broken = linksIn(textOf(document)).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? document : resolve(dirname(document), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsIn(textOf(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it.each(DOCUMENTS)('leaves nothing to decide that "npm run new" has left open in %s', (document) => {
    expect(textOf(document)).not.toMatch(/\(to decide[:)]/);
  });

  it.each(DOCUMENTS)('names only files and folders that exist in %s', (document) => {
    expect(pathsIn(textOf(document)).filter((path) => !existsSync(path))).toEqual([]);
  });
});

describe('each name of code in the documentation', () => {
  const sources = globSync(
    [
      '{src,local,scripts,test,bench,infra}/**/*.{ts,sql,bicep,json}',
      '{console,clients/typescript}/src/**/*.{ts,tsx}',
      '*.{ts,json}',
    ],
    { exclude: ['test/fixtures/**', 'infra/*.snapshot.json', 'package-lock.json'] },
  );
  const words = new Set(sources.flatMap((path) => textOf(path).match(/\w+/g) ?? []));

  // A decision and the changelog can name what no longer exists.
  const current = DOCUMENTS.filter((document) => !/^docs\/decisions\/|^CHANGELOG/.test(document));

  it.each(current)('is in the sources: those of %s', (document) => {
    const names = [...withoutCode(textOf(document)).matchAll(/`([a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+)(?:\(\))?`/g)];
    const unknown = names.flatMap(([, name = '']) => (words.has(name) || NOT_OURS.has(name) ? [] : name));
    expect(unknown).toEqual([]);
  });
});

/** Names that are not in the sources: those of Azure, and one that the code composes. */
const NOT_OURS: ReadonlySet<string> = new Set([
  'enableHttpStream',
  'functionTimeout',
  'partitionReceiver',
  'replayOrderDetails',
  'requestedAccessTokenVersion',
  'useMonitor',
]);

describe('the list of decisions', () => {
  it('has each of them once, by its title', () => {
    const decisions = globSync('docs/decisions/0*.md').map((path) => {
      const [title = ''] = textOf(path).split('\n', 1);
      return `[${title.replace('# ', '')}](${basename(path)})`;
    });
    const listed = [...textOf('docs/decisions/README.md').matchAll(/^- (\[.*\]\(.*\))$/gm)].map(([, link]) => link);
    expect(listed.toSorted()).toEqual(decisions.toSorted());
  });
});

describe('the walk-through in docs/architecture.md', () => {
  const text = textOf(join('docs', 'architecture.md'));
  const files = [...text.matchAll(/^\d+\. \[`([^`]+)`\]\([^)]+\): (again)?/gm)].map(([, path, again]) => ({
    path,
    again: again !== undefined,
  }));
  const distinct = new Set(files.map(({ path }) => path)).size;

  it('opens at most 60 files and returns to at most 10', () => {
    expect(distinct).toBeGreaterThan(40);
    expect(distinct).toBeLessThanOrEqual(60);
    expect(files.length - distinct).toBeLessThanOrEqual(10);
  });

  it('begins with twelve of them', () => {
    const [, short = ''] = /^### In twelve files\n([\s\S]*?)^###/m.exec(text) ?? [];
    const first = [...short.matchAll(/^\| \[`([^`]+)`\]/gm)].map(([, path]) => path);
    expect(first).toHaveLength(12);
    expect(first.filter((path) => !files.some((file) => file.path === path))).toEqual([]);
  });

  it('states how many files and returns it has', () => {
    expect(text).toContain(`${distinct} files and ${files.length - distinct} returns.`);
    expect(files.filter(({ again }) => again)).toHaveLength(files.length - distinct);
  });
});
