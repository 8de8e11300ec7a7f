import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type Schema, schemaAnswer, schemaOf } from './schema.ts';

/** Microsoft's tool that carries Azure's published schemas, in their newest versions, and needs no network once it is there. */
const VERSION = '2.0.5';
const BINARY = `azmcp-${process.platform}-${process.arch}`;
const PACKAGE = `@azure/mcp-${process.platform}-${process.arch}@${VERSION}`;

/** Milliseconds for npm to fetch the tool, and for the tool to answer everything. */
const FETCH_LIMIT_MS = 120_000;
const ANSWER_LIMIT_MS = 120_000;

/** What Azure says about a resource type. */
export type SchemaResult =
  | { readonly kind: 'schema'; readonly schema: Schema }
  | { readonly kind: 'noSuchType' }
  /** The tool knows the type, but does not carry its schema. */
  | { readonly kind: 'notCarried' };

/** It answers the Model Context Protocol: JSON-RPC, a message a line. https://modelcontextprotocol.io/specification/2024-11-05 */
const message = z.object({
  id: z.number().optional(),
  result: z.object({ content: z.array(z.object({ text: z.string() })).default([]) }).optional(),
  error: z.object({ message: z.string() }).optional(),
});
const answer = z.object({ status: z.number(), message: z.string(), results: z.unknown() });

/**
 * Gets the schemas of resource types. npm fetches the tool once (137 MB) and keeps it in its cache. Throws when it cannot be
 * fetched or does not answer.
 */
export async function schemasOf(types: readonly string[]): Promise<ReadonlyMap<string, SchemaResult>> {
  const server = new SchemaServer(await fetchTool());
  try {
    await server.request('initialize', {
      protocolVersion: '2024-11-05',
      capabilities: {},
      clientInfo: { name: 'infra-check', version: '1' },
    });
    server.notify('notifications/initialized');
    const schemas = new Map<string, SchemaResult>();
    // One after the other: the tool reads all of a provider's types for each, and all at once cost it twice the work.
    for (const type of types) schemas.set(type, await schemaFrom(server, type));
    return schemas;
  } finally {
    server.close();
  }
}

/** The tool's path. npm puts the folder of its binaries first on the PATH. */
async function fetchTool(): Promise<string> {
  const words = ['exec', '--yes', `--package=${PACKAGE}`, '-c', 'node -p process.env.PATH'];
  const { stdout } = await promisify(execFile)('npm', words, {
    timeout: FETCH_LIMIT_MS,
    shell: process.platform === 'win32',
  });
  const [folder = ''] = stdout.trim().split(process.platform === 'win32' ? ';' : ':');
  return join(folder, BINARY);
}

async function schemaFrom(server: SchemaServer, type: string): Promise<SchemaResult> {
  const result = await server.request('tools/call', {
    name: 'bicepschema_get',
    arguments: { 'resource-type': type },
  });
  const { status, message: text, results } = answer.parse(JSON.parse(result));
  if (status === 200) return { kind: 'schema', schema: schemaOf(schemaAnswer.parse(results)) };
  if (/not found|not present/.test(text)) return { kind: 'noSuchType' };
  if (/not supported/.test(text)) return { kind: 'notCarried' };
  throw new Error(`${type}: ${text}`);
}

type Pending = { readonly resolve: (text: string) => void; readonly reject: (error: Error) => void };

class SchemaServer {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #pending = new Map<number, Pending>();
  readonly #limit: NodeJS.Timeout;
  #last = 0;

  constructor(path: string) {
    this.#process = spawn(path, ['server', 'start', '--namespace', 'bicepschema', '--mode', 'all', '--read-only'], {
      env: { ...process.env, AZURE_MCP_COLLECT_TELEMETRY: 'false' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#limit = setTimeout(() => this.#fail(new Error('The schema tool does not answer.')), ANSWER_LIMIT_MS);
    this.#process.on('error', (error) => this.#fail(error));
    this.#process.on('exit', (code) => this.#fail(new Error(`The schema tool ended with ${code}.`)));
    this.#process.stdin.on('error', (error) => this.#fail(error));
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#receive(line));
  }

  /** The text of the answer. */
  request(method: string, params: unknown): Promise<string> {
    this.#last += 1;
    const id = this.#last;
    this.#send({ id, method, params });
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  notify(method: string): void {
    this.#send({ method });
  }

  close(): void {
    clearTimeout(this.#limit);
    this.#process.kill();
  }

  #send(body: object): void {
    this.#process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...body })}\n`);
  }

  #receive(line: string): void {
    const { id, result, error } = message.parse(JSON.parse(line));
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (pending === undefined || id === undefined) return;
    this.#pending.delete(id);
    if (error) pending.reject(new Error(error.message));
    else pending.resolve(result?.content[0]?.text ?? '');
  }

  #fail(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
