import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import { z } from 'zod';
import { eventually } from '../support/system/api-client.ts';
import { type Program, runNode } from '../support/system/program.ts';

/** What `npm start` needs of the repository. */
const COPIED = ['src', 'local', 'scripts', 'docs/openapi.json', 'host.json', 'local.settings.json', 'package.json'];
const PORTS = ['functions', 'event-hubs', 'cosmos-db', 'web-pubsub', 'blob', 'queue', 'table', 'inspect'];
const SOURCE = 'src/shared/http/health.ts';
const BUNDLE = 'dist/local/commands/index.cjs';

/** Runs for each request of GET /health/live. */
const STATEMENT = 'healthResponse(200, { status: "live" })';

/** A copy of the repository, whose sources the tests change. */
let folder: string;
let program: Program;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'developer-loop-'));
  await Promise.all([
    ...COPIED.map((path) => cp(path, join(folder, path), { recursive: true })),
    symlink(resolve('node_modules'), join(folder, 'node_modules')),
  ]);
  program = runNode(['local/start.ts', '--watch', ...PORTS.flatMap((name) => [`--${name}-port`, '0'])], folder);
  await program.printed('Ctrl-C stops it');
});
afterAll(async () => {
  await program?.kill();
  await rm(folder, { recursive: true });
});

/** What GET /health/live reports; undefined while the functions restart. */
async function status(): Promise<unknown> {
  const url = /curl -i (http:\S+\/api)\/orders/.exec(program.stdout())?.[1] ?? '';
  const response = await fetch(`${url}/health/live`).catch(() => undefined);
  return response?.ok ? z.object({ status: z.string() }).parse(await response.json()).status : undefined;
}

async function edit(change: (source: string) => string): Promise<void> {
  await writeFile(join(folder, SOURCE), change(await readFile(join(folder, SOURCE), 'utf8')));
}

/** Sends a message to a debugger and resolves to the next message with this method or id. */
async function ask(socket: WebSocket, message: object, isAnswer: (answer: Answer) => boolean): Promise<Answer> {
  const answered = new Promise<Answer>((resolve) => {
    socket.on('message', (data) => {
      const parsed = answer.parse(JSON.parse(String(data)));
      if (isAnswer(parsed)) resolve(parsed);
    });
  });
  socket.send(JSON.stringify(message));
  return answered;
}

/** The parts of https://chromedevtools.github.io/devtools-protocol/v8/Debugger/ that the test reads. */
const location = z.object({ lineNumber: z.number(), columnNumber: z.number() });
const answer = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z
    .object({ callFrames: z.array(z.object({ location })) })
    .partial()
    .optional(),
});
type Answer = z.output<typeof answer>;

it('--inspect lets a debugger stop at a breakpoint in the TypeScript sources', async () => {
  const url = /Debugger listening on (ws:\S+)/.exec(program.stdout())?.[1] ?? '';
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const generated = await readFile(join(folder, BUNDLE), 'utf8');
  const lines = generated.split('\n');
  const lineNumber = lines.findIndex((line) => line.includes(STATEMENT));
  const columnNumber = lines[lineNumber]?.indexOf(STATEMENT);
  await ask(socket, { id: 1, method: 'Debugger.enable' }, ({ id }) => id === 1);
  const breakpoint = { lineNumber, columnNumber, urlRegex: BUNDLE };
  await ask(socket, { id: 2, method: 'Debugger.setBreakpointByUrl', params: breakpoint }, ({ id }) => id === 2);
  const paused = eventually(status, (found) => found !== undefined);
  const { params } = await ask(
    socket,
    { id: 3, method: 'Debugger.setSkipAllPauses', params: { skip: false } },
    ({ method }) => method === 'Debugger.paused',
  );
  const map = new SourceMap(JSON.parse(await readFile(join(folder, `${BUNDLE}.map`), 'utf8')));
  const at = params?.callFrames?.[0]?.location;
  const entry = map.findEntry(at?.lineNumber ?? 0, at?.columnNumber ?? 0);
  expect(entry).toMatchObject({ originalSource: expect.stringContaining(SOURCE) });
  await ask(socket, { id: 4, method: 'Debugger.disable' }, ({ id }) => id === 4);
  socket.close();
  expect(await paused).toBe('live');
});

it('--watch restarts the functions when a source file changes, and keeps them running while it has errors', async () => {
  await edit((source) => source.replace("status: 'live'", "status: 'edited'"));
  await eventually(status, (found) => found === 'edited');
  expect(program.stdout()).toContain(`${SOURCE} changed: restarting the functions`);

  await edit((source) => `${source}\nconst;\n`);
  await eventually(program.stderr, (text) => text.includes('Expected identifier'));
  expect(await status()).toBe('edited');

  await edit((source) => source.replace('\nconst;\n', '').replace("'edited'", "'live'"));
  await eventually(status, (found) => found === 'live');
});
