import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { type FunctionsHostProcess, spawnFunctionsHost } from '../../local/functions-host/spawn.ts';
import { FIXTURE_ROOT, startFixture } from '../fixtures/functions-app/start-fixture.mts';

const MAIN = fileURLToPath(new URL('../../local/functions-host/main.ts', import.meta.url));

/** Starts the host as a shell would. */
function startMain({ onTestFinished }: TestContext, ...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, stdout: text(child.stdout), stderr: text(child.stderr) };
}

/** Creates an app with one source file. */
async function appFolder({ onTestFinished }: TestContext, source: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'functions-app-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await writeFile(join(root, 'package.json'), JSON.stringify({ main: 'index.cjs' }));
  await writeFile(join(root, 'host.json'), JSON.stringify({ version: '2.0' }));
  await writeFile(join(root, 'index.cjs'), source);
  return root;
}

describe('a running host', () => {
  let host: FunctionsHostProcess;
  beforeAll(async () => {
    host = await startFixture({ FROM_BOTH: 'environment' });
  });
  afterAll(() => host?.stop());
  const get = (path: string) => fetch(`${host.url}/api/${path}`);

  it('prints its HTTP functions with their methods and URLs', () => {
    expect(host.output()).toContain(`\tparameter: [GET,POST] http://localhost:${host.port}/api/orders/{id}\n`);
  });

  it('reports why a function cannot run, and runs the others', async () => {
    await expect
      .poll(host.output)
      .toContain(`The 'queue' function is in error: This host does not support the trigger 'queueTrigger'.`);
  });

  it('reports the missing setting of a function', async () => {
    await expect
      .poll(host.output)
      .toContain(`The 'everySecond' function is in error: '%SCHEDULE%' does not resolve to a setting`);
  });

  it('passes local.settings.json to the app, and environment variables take precedence', async () => {
    expect(await (await get('environment')).json()).toMatchObject({ FROM_FILE: 'file', FROM_BOTH: 'environment' });
  });

  it('runs the app in its folder', async () => {
    expect(await (await get('environment')).json()).toMatchObject({ cwd: FIXTURE_ROOT.replace(/\/$/, '') });
  });

  it('prints each log line of a function with time and name', async () => {
    await get('logs');
    await expect.poll(host.output).toMatch(/^[\d:.]{12} info {2}logs: to stdout \{ a: 1 \}$/m);
  });

  it('omits log lines below the level in host.json', async () => {
    await get('logs');
    await expect.poll(host.output).toContain('to stderr');
    expect(host.output()).not.toContain('below the level');
  });

  it('applies log levels per function', async () => {
    await get('quiet');
    await expect.poll(host.output).toContain(' quiet: shown');
    expect(host.output()).not.toContain(' quiet: not shown');
  });
});

describe.concurrent('the shutdown of a host', () => {
  it('waits for the running invocation and sends its response', async (context) => {
    const { expect } = context;
    const host = await startFixture();
    const answer = fetch(`${host.url}/api/slow`);
    await expect.poll(host.output).toContain('slow started');
    await host.stop();
    expect(await (await answer).text()).toBe('slow');
  });

  it('runs the appTerminate hooks, and passes on their lines without keeping them', async (context) => {
    const { expect } = context;
    const lines: string[] = [];
    const host = await spawnFunctionsHost({ root: FIXTURE_ROOT, onOutput: (line) => lines.push(line) });
    await host.stop();
    expect(lines.join('')).toContain('hook appTerminate');
    expect(host.output()).not.toContain('hook appTerminate');
  });

  it.for(['SIGINT', 'SIGTERM'] as const)('by %s exits with code 0', async (signal, context) => {
    const { expect } = context;
    const host = startMain(context, '--root', FIXTURE_ROOT, '--port', '0');
    host.child.stdout.once('data', () => host.child.kill(signal));
    expect(await host.ended).toBe(0);
  });

  it('follows the end of its parent process', async (context) => {
    const { expect } = context;
    const child = spawn(process.execPath, [MAIN, '--root', FIXTURE_ROOT, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    });
    child.stdout?.once('data', () => child.disconnect());
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
  });
});

describe.concurrent('a host that cannot run the app', () => {
  it('keeps running and returns 503 when the app does not load', async (context) => {
    const { expect } = context;
    const root = await appFolder(context, `throw new Error('a typing error');`);
    const { child } = startMain(context, '--root', root, '--port', '0', '--json');
    const [line] = await once(child.stdout, 'data');
    const { port } = JSON.parse(String(line));
    expect((await fetch(`http://127.0.0.1:${port}/api/any`)).status).toBe(503);
  });

  it('reports the error of the app with its stack trace', async (context) => {
    const { expect } = context;
    const root = await appFolder(context, `throw new Error('a typing error');`);
    await expect(spawnFunctionsHost({ root })).rejects.toThrow(/Error: a typing error\n\s+at .*index\.cjs:1/);
  });

  it('prints what the app logs just before it ends the process', async (context) => {
    const { expect } = context;
    const root = await appFolder(context, `console.log('the last line'); process.exit(1);`);
    await expect(spawnFunctionsHost({ root })).rejects.toThrow('the last line');
  });

  it('reports the pattern that matches no file', async (context) => {
    const { expect } = context;
    const root = await appFolder(context, '');
    await rm(join(root, 'index.cjs'));
    await expect(spawnFunctionsHost({ root })).rejects.toThrow(
      'Found zero files matching the supplied pattern "index.cjs"',
    );
  });

  it('exits with code 1 and one message when the port is in use', async (context) => {
    const { expect } = context;
    const host = await startFixture();
    context.onTestFinished(() => host.stop());
    const second = startMain(context, '--root', FIXTURE_ROOT, '--port', String(host.port));
    expect([await second.ended, await second.stderr]).toEqual([
      1,
      `Port ${host.port} is unavailable: another program uses it. Close it, or choose another port with --port.\n`,
    ]);
  });

  it('exits with code 1 and one message when there is no host.json', async (context) => {
    const { expect } = context;
    const host = startMain(context, '--root', tmpdir(), '--port', '0');
    expect([await host.ended, await host.stderr]).toEqual([
      1,
      `Unable to find a function app: there is no host.json in ${tmpdir()}.\n`,
    ]);
  });

  it('is reported with its output to its parent process', async (context) => {
    const { expect } = context;
    await expect(spawnFunctionsHost({ root: tmpdir() })).rejects.toThrow('there is no host.json');
  });
});

it('--help lists the options', async (context) => {
  const { expect } = context;
  expect(await startMain(context, '--help').stdout).toContain('--root');
});
