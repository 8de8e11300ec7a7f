import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const run = (args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('a wrong option', () => {
  it.each(['token', 'infra-check', 'package', 'generate', 'build', 'rotate-master-key', 'migrate'])(
    'of %s is told in one sentence',
    (name) => {
      expect(run([`scripts/${name}.ts`, '--bogus'])).toEqual({
        status: 2,
        stdout: '',
        stderr: "Unknown option '--bogus'. Try --help.\n",
      });
    },
  );
});

describe('a folder in which the system has never run', () => {
  it('is refused by token, and not made', () => {
    const folder = join(tmpdir(), 'no-such-folder');
    expect(run(['scripts/token.ts', '--role', 'admin', '--data', folder])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(`There is no ${folder}`),
    });
    expect(existsSync(folder)).toBe(false);
  });
});

describe('a connection that is none', () => {
  it('is refused by migrate, which says what one looks like', () => {
    expect(run(['scripts/migrate.ts', '--connection', 'bogus'])).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('sqlite:<path>'),
    });
  });
});
