import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { main as capacity } from '../../../scripts/capacity/main.ts';
import { main as checkpoints } from '../../../scripts/checkpoints.ts';
import { main as importFile } from '../../../scripts/import/main.ts';
import { main as replay } from '../../../scripts/replay.ts';

const run = (args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stdout, stderr };
};

const SCRIPTS = [
  ...['token', 'infra-check', 'package', 'generate', 'bundle/main', 'rotate-master-key', 'migrate', 'new'].map(
    (name) => `scripts/${name}.ts`,
  ),
  ...['test/containers/run.ts', 'local/azure.ts', 'local/functions-host/main.ts'],
];

/** Runs the main function of a script in this process. */
async function runMain(main: typeof replay | typeof checkpoints | typeof importFile | typeof capacity) {
  const streams = { stdout: new PassThrough({ encoding: 'utf8' }), stderr: new PassThrough({ encoding: 'utf8' }) };
  const context = { ...streams, env: {}, now: Date.now, signal: new AbortController().signal };
  const status = await main(['--bogus'], context);
  return { status, stdout: streams.stdout.read() ?? '', stderr: streams.stderr.read() ?? '' };
}

describe('an unknown option', () => {
  const reported = { status: 2, stdout: '', stderr: "Unknown option '--bogus'. Try --help.\n" };

  it.each(SCRIPTS)('of %s is reported in one sentence', (path) => {
    expect(run([path, '--bogus'])).toEqual(reported);
  });

  it.each([
    ['replay', replay],
    ['checkpoints', checkpoints],
    ['import', importFile],
    ['capacity', capacity],
  ])('of the %s script is reported in the same sentence', async (_name, main) => {
    expect(await runMain(main)).toEqual(reported);
  });
});

describe('the help', () => {
  it.each(['test/browser/screenshots.ts', 'test/containers/run.ts'])('of %s is all that --help prints', (path) => {
    expect(run([path, '--help'])).toEqual({ status: 0, stdout: expect.stringContaining('  --help '), stderr: '' });
  });
});

describe('a data folder in which the system has never run', () => {
  it('is rejected by the token script and is not created', () => {
    const folder = join(tmpdir(), 'no-such-folder');
    expect(run(['scripts/token.ts', '--role', 'admin', '--data', folder])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(`There is no ${folder}`),
    });
    expect(existsSync(folder)).toBe(false);
  });
});

describe('an invalid connection string', () => {
  it('is rejected by the migrate script, which shows a valid form', () => {
    expect(run(['scripts/migrate.ts', '--connection', 'bogus'])).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('sqlite:<path>'),
    });
  });
});
