import { type ParseArgsConfig, parseArgs } from 'node:util';

/** `parseArgs` on the command line; when that is wrong, one plain sentence and the end, with exit code 2. */
export function readOptions<const Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    if (!isWrongOption(error)) throw error;
    console.error(`${error.message.replace(/\.?$/, '.')} Try --help.`);
    process.exit(2);
  }
}

function isWrongOption(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
