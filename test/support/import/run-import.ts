import { PassThrough } from 'node:stream';
import { main } from '../../../scripts/import/main.ts';

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the import as the shell would, against the API at `url` unless the arguments name another. */
export async function runImport(
  url: string,
  args: readonly string[],
  options: { readonly signal?: AbortSignal; readonly token?: string } = {},
): Promise<Outcome> {
  const { signal = new AbortController().signal, token = 'good' } = options;
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exitCode = await main(['--url', url, ...args], { stdout, stderr, env: { IMPORT_TOKEN: token }, signal });
  const text = (stream: PassThrough): string => String(stream.read() ?? '');
  return { exitCode, stdout: text(stdout), stderr: text(stderr) };
}
