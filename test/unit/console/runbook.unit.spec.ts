import { readFileSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { runbookChapters } from '../../../scripts/console/runbook.ts';

const CHAPTERS = runbookChapters(readFileSync('docs/operations.md', 'utf8'));
const IDS = new Set(CHAPTERS.map(({ id }) => id));

describe('the runbook in the console', () => {
  it('has a chapter for each heading, with its content', () => {
    const [chapter, ...others] = runbookChapters(
      'Before.\n\n## Redrive dead letters\n\nRun `a < b`:\n\n```sh\n## no heading\n```\n\n## Next\n',
    );
    expect(chapter).toEqual({
      id: 'redrive-dead-letters',
      title: 'Redrive dead letters',
      html: '<p>Run <code>a &lt; b</code>:</p>\n<pre tabindex="0"><code class="language-sh">## no heading\n</code></pre>\n',
    });
    expect(others).toEqual([{ id: 'next', title: 'Next', html: '' }]);
  });

  it('links to its chapters and to the web, and to nothing that is not served', () => {
    const [chapter] = runbookChapters('## One\n\n[two](#two), [web](https://example.com), [file](deploy.md#apps)\n');
    expect(chapter?.html).toBe('<p><a href="/runbook/two">two</a>, <a href="https://example.com">web</a>, file</p>\n');
  });

  it('has every chapter that it links to', () => {
    const linked = CHAPTERS.flatMap(({ html }) => [...html.matchAll(/href="\/runbook\/([^"]*)"/g)].map(([, id]) => id));
    expect(linked.filter((id) => id === undefined || !IDS.has(id))).toEqual([]);
  });

  it('has every chapter that a page of the console links to', async () => {
    const linked: string[] = [];
    for await (const file of glob('console/src/**/*.tsx')) {
      const links = (await readFile(file, 'utf8')).matchAll(/chapter=\{?[^>]*/g);
      for (const [link] of links) linked.push(...[...link.matchAll(/['"]([a-z-]+)['"]/g)].map(([, id]) => id ?? ''));
    }
    expect(linked.length).toBeGreaterThan(5);
    expect(linked.filter((id) => !IDS.has(id))).toEqual([]);
  });
});
