import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../../local/options.ts';

const functionsOf = (...args: readonly string[]) => parseOptions(args, true).functions;

describe('the options of the functions', () => {
  it('print from level info, without watching and without a debugger by default', () => {
    expect(functionsOf()).toEqual({ log: 'normal', watch: false, inspectPort: undefined });
  });

  it.each([
    ['--quiet', { log: 'quiet' }],
    ['--verbose', { log: 'verbose' }],
    ['--watch', { watch: true }],
    ['--inspect', { inspectPort: 9229 }],
    ['--inspect-port=9300', { inspectPort: 9300 }],
    ['--inspect-port=9229', { inspectPort: 9229 }],
  ])('accept %s', (option, expected) => {
    expect(functionsOf(option)).toMatchObject(expected);
  });

  it('let Visual Studio Code attach to both processes of the functions, also in the container', () => {
    const port = functionsOf('--inspect').inspectPort ?? 0;
    const { configurations, compounds } = JSON.parse(readFileSync('.vscode/launch.json', 'utf8'));
    const container = JSON.parse(readFileSync('.devcontainer/devcontainer.json', 'utf8'));

    const attached: readonly { name: string; port: number }[] = configurations.filter(
      ({ request }: { request: string }) => request === 'attach',
    );

    expect(attached.map((one) => one.port)).toEqual([port, port + 1]);
    expect(compounds).toMatchObject([{ configurations: attached.map(({ name }) => name) }]);
    expect(container.forwardPorts).toEqual(expect.arrayContaining([port, port + 1]));
  });

  it('cannot be quiet and verbose at once', () => {
    expect(() => functionsOf('--quiet', '--verbose')).toThrow('--quiet and --verbose exclude each other. Try --help.');
  });

  it('refuse a port that does not exist', () => {
    expect(() => functionsOf('--inspect-port', 'x')).toThrow('--inspect-port must be a port from 0 to 65535');
  });

  it('are unknown to a program that runs no functions', () => {
    expect(() => parseOptions(['--watch'], false)).toThrow("Unknown option '--watch'");
  });
});

describe.each([true, false])('the options of a program (it runs the functions: %s)', (runsFunctions) => {
  it.each([
    ['--port', '7071', "Unknown option '--port'"],
    ['--blob-port', 'x', '--blob-port must be a port from 0 to 65535 (0 picks a free port), not x. Try --help.'],
  ])('refuse %s %s with an explanation', (option, value, message) => {
    expect(() => parseOptions([option, value], runsFunctions)).toThrow(message);
  });
});
