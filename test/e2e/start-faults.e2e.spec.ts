import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startFakeSqlServer } from '../support/sql-server/fake-sql-server.ts';
import { eventually } from '../support/system/api-client.ts';
import { expectCleanExit, hostOf, localPrograms, READY, STARTING } from '../support/system/local-programs.ts';
import { PORT_OPTIONS, takenPort } from '../support/system/ports.ts';
import { isRunning, runNode } from '../support/system/program.ts';

const { pathOf, run } = localPrograms();

/** Makes the programs of a test use the SQL server on this port. */
function useServer(port: number): void {
  vi.stubEnv('SQL_CONNECTION_STRING', `Server=localhost,${port};Database=orders;User Id=app;Password=secret`);
  onTestFinished(() => void vi.unstubAllEnvs());
}

describe('npm start', () => {
  it('stops on Ctrl-C while it is starting', async () => {
    vi.stubEnv('NODE_OPTIONS', `--import ${new URL('../fixtures/functions-host-that-hangs.mjs', import.meta.url)}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const program = run('start.ts', 'interrupted');
    await eventually(
      () => hostOf(program),
      (host) => host !== undefined,
    );
    await expectCleanExit(program);
    expect(program.stdout()).not.toContain(READY);
  });

  it('reports all ports that are in use, and leaves no process running', async () => {
    const port = await takenPort();
    const ports = Object.fromEntries(PORT_OPTIONS.map((option) => [option, port]));
    const program = run('start.ts', 'refused', ports);
    expect([await program.ended(), program.stdout(), program.stderr()]).toEqual([
      1,
      STARTING,
      `Ports ${PORT_OPTIONS.map((option) => `${port} (${option})`).join(', ')} are in use. Stop the programs that use them, such as another "npm start", or choose other ports with these options.\n`,
    ]);
  });

  it('reports an invalid setting once and without a stack trace', async () => {
    vi.stubEnv('DEFAULT_CURRENCY', 'dollars');
    onTestFinished(() => void vi.unstubAllEnvs());
    const program = run('start.ts', 'wrong-setting');
    expect(await program.ended()).toBe(1);
    expect(program.stderr()).toBe(
      'Settings are missing or wrong:\n  - DEFAULT_CURRENCY: must be an ISO 4217 code such as USD\n',
    );
    expect(program.stdout()).not.toContain('DEFAULT_CURRENCY');
  });

  it('keeps the orders on the server that SQL_CONNECTION_STRING names, and ends with an error when its functions host is killed', async () => {
    const server = await startFakeSqlServer();
    onTestFinished(() => server.stop());
    useServer(server.port);
    const program = run('start.ts', 'elsewhere');
    await program.printed(READY);
    expect(program.stdout()).toContain('nothing was seeded');
    const before = server.received().length;
    const [, apiUrl] = /(http:\/\/localhost:\d+\/api)/.exec(program.stdout()) ?? [];
    expect(await fetch(`${apiUrl}/health/ready`).then(({ status }) => status)).toBe(200);
    expect(server.received().length).toBeGreaterThan(before);
    expect(existsSync(pathOf('elsewhere', 'orders.db'))).toBe(false);

    const processes = program.descendants();
    process.kill(hostOf(program) ?? 0, 'SIGKILL');
    expect([await program.ended(), program.stderr()]).toEqual([1, 'The functions host stopped unexpectedly.\n']);
    expect(processes.filter(isRunning)).toEqual([]);
  });

  it('reports a server that refuses the login, and leaves no process running', async () => {
    const server = await startFakeSqlServer();
    onTestFinished(() => server.stop());
    server.refuseLogins(18456);
    useServer(server.port);
    const program = run('start.ts', 'refused-login');
    expect([await program.ended(), program.stdout()]).toEqual([1, STARTING]);
    expect(program.stderr()).toContain('SQL_CONNECTION_STRING cannot be used');
    expect(program.stderr()).toContain('Refused with 18456.');
    expect(program.stderr()).not.toContain('    at ');
  });

  it('refuses a file in place of a data folder in one sentence', async () => {
    await writeFile(pathOf('file'), '');
    const program = run('start.ts', 'file');
    expect([await program.ended(), program.stderr()]).toEqual([
      1,
      `${pathOf('file')} is not a folder: choose another one with --data.\n`,
    ]);
  });
});

describe.each(['start.ts', 'azure.ts'])('the command line of %s', (file) => {
  it('lists its options with --help', async () => {
    const program = runNode([`local/${file}`, '--help']);
    expect(await program.ended()).toBe(0);
    for (const option of [...PORT_OPTIONS, '--data']) expect(program.stdout()).toContain(option);
  });

  it('rejects an unknown option with an explanation', async () => {
    const program = runNode([`local/${file}`, '--port', '7071']);
    expect(await program.ended()).toBe(2);
    expect(program.stderr()).toContain("Unknown option '--port'");
    expect(program.stderr()).toMatch(/ Try --help\.\n$/);
  });
});
