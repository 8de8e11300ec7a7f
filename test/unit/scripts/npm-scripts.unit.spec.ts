import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

/** The commands of all npm scripts. */
const commands = Object.entries(scripts).flatMap(([name, script]) =>
  script.split(' && ').map((command) => [name, command] as const),
);

describe('an npm script', () => {
  it.each(commands)('runs in cmd.exe and PowerShell, too: %s: %s', (_, command) => {
    expect(command).not.toMatch(/^\w+=|[$'`;|*~]|^(rm|cp|mv|export) /);
  });

  it.each(commands.filter(([, command]) => command.includes('.ts')))(
    'checks the version of Node before it runs TypeScript: %s: %s',
    (_, command) => {
      expect(command).toMatch(/^node -r \.\/scripts\/require-node\.cjs \S+\.ts$/);
    },
  );
});

describe('the check of the version of Node', () => {
  /** Runs a script after the check, as if Node had this version. */
  function runOn(version: string) {
    const folder = mkdtempSync(join(tmpdir(), 'node-version-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const pretend = join(folder, 'pretend.cjs');
    const versions = `{ ...process.versions, node: '${version}' }`;
    writeFileSync(pretend, `Object.defineProperty(process, 'versions', { value: ${versions} });`);
    const args = ['-r', pretend, '-r', './scripts/require-node.cjs', '-e', 'console.log("runs")'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    return { status, stdout, stderr };
  }

  it.each(['22.18.0', '24.0.0', '26.1.0'])('accepts %s', (version) => {
    expect(runOn(version)).toEqual({ status: 0, stdout: 'runs\n', stderr: '' });
  });

  it.each(['18.20.8', '20.19.0', '22.17.1'])('says what is missing on %s', (version) => {
    expect(runOn(version)).toEqual({
      status: 1,
      stdout: '',
      stderr: `This needs Node 22.18 or later, and this is Node ${version}. The dev dependency "node" brings Node 24, unless it was installed with --ignore-scripts: run "npm ci" without that option, or install a newer Node.\n`,
    });
  });
});
