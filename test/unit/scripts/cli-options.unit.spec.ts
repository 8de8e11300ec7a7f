import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const run = (args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('an unknown option', () => {
  it.each(['token', 'infra-check', 'package', 'generate', 'bundle/main', 'rotate-master-key', 'migrate'])(
    'of the %s script is reported in one sentence',
    (name) => {
      expect(run([`scripts/${name}.ts`, '--bogus'])).toEqual({
        status: 2,
        stdout: '',
        stderr: "Unknown option '--bogus'. Try --help.\n",
      });
    },
  );
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
