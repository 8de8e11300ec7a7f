import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NOTHING_KEPT } from '../../bench/kept-results.ts';
import { measureSections } from '../../bench/measure-sections.ts';
import { range } from '../../bench/measuring/drive.ts';
import { busySamplesOf } from '../../bench/profiling/cpu-profile.ts';
import { openProfiler } from '../../bench/profiling/profiler.ts';
import { sharesOfFunctions } from '../../bench/profiling/shares.ts';

/** Runs the benchmark, and resolves to its exit code and output. */
function bench(...args: readonly string[]) {
  return new Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }>((resolve) => {
    execFile(process.execPath, ['bench/main.ts', ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

const benchmarks = () => (existsSync('docs/benchmarks.md') ? readFileSync('docs/benchmarks.md', 'utf8') : undefined);

describe('npm run bench', () => {
  it('measures a section, prints one table, and does not change docs/benchmarks.md', async () => {
    const before = benchmarks();
    const { code, stdout, stderr } = await bench('--quick', '--only', 'command-counts');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('command-counts …') });
    expect(stdout).toMatch(/^\| what +\| value +\| unit +\| spread +\| goal +\|\n/);
    expect(stdout).toMatch(
      /\| placing an order of 1 to 500 lines +\| 2 +\| round trips to SQL +\| +\| ≤ 2 \(met\) +\|/,
    );
    expect(benchmarks()).toBe(before);
  });

  it('reports a section that fails, and says why', async () => {
    const said: string[] = [];
    const effort = { quick: true, full: false, rounds: 1, say: (line: string) => said.push(line) };
    const results = await measureSections(['bogus'], effort, {
      stopping: new AbortController().signal,
      kept: NOTHING_KEPT,
    });
    expect(results).toMatchObject([{ name: 'bogus', rows: [], missing: 'it failed; its output says why' }]);
    await expect.poll(() => said.join('\n')).toContain('There is no section bogus.');
  });

  it('ends the section that is running when it is interrupted, and skips the rest', async () => {
    const stopping = new AbortController();
    const effort = { quick: true, full: false, rounds: 1, say: () => stopping.abort() };
    const results = await measureSections(['command-counts', 'commands'], effort, {
      stopping: stopping.signal,
      kept: NOTHING_KEPT,
    });
    expect(results).toMatchObject([{ name: 'command-counts', missing: 'it was interrupted' }]);
  });

  it('resumes a run: reuses known sections, and measures the rest', async () => {
    const known = { name: 'idle', rows: [], seconds: 55 };
    const added: string[] = [];
    const kept = {
      get: (name: string) => (name === 'idle' ? known : undefined),
      add: async ({ name }: { readonly name: string }) => void added.push(name),
    };
    const effort = { quick: true, full: false, rounds: 1, say: () => {} };
    const stopping = new AbortController().signal;
    const results = await measureSections(['idle', 'bogus'], effort, { stopping, kept });
    expect(results.map(({ name }) => name)).toEqual(['idle', 'bogus']);
    expect(results[0]).toBe(known);
    expect(added).toEqual(['bogus']);
  });

  it('reports an unknown section in one sentence', async () => {
    const { code, stderr } = await bench('--only', 'bogus');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^There is no section bogus\. Sections: command-counts, .*\.\n$/),
    });
  });
});

it('a recorded profile shows which function of another process was busy', async () => {
  const program = `
    const sort = () => { for (let i = 0; i < 500; i++) Array.from({ length: 1_000 }, Math.random).sort(); };
    const repeat = () => { sort(); process.stdout.write('.'); setImmediate(repeat); };
    repeat();`;
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', '-e', program]);
  onTestFinished(() => void child.kill());
  const [output] = await once(child.stderr.setEncoding('utf8'), 'data');
  const profiler = await openProfiler(output);
  const profile = await profiler.record(async () => {
    for (const _ of range(3)) await once(child.stdout, 'data');
  });
  profiler.close();
  const [first] = sharesOfFunctions(busySamplesOf(profile), () => 'the program').keys();
  expect(first).toBe('sort, the program');
});
