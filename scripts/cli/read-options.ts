import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Parses the command line. If it is invalid, prints one sentence and exits with code 2. */
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
