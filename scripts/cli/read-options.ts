import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The command line is invalid. The message is one sentence for users, with a hint at the help. */
export class InvalidOption extends TypeError {}

/** Parses the command line. If it is invalid, prints one sentence and exits with code 2. */
export function readOptions<const Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseOptions(config);
  } catch (error) {
    if (!(error instanceof InvalidOption)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

/** Parses options. Throws `InvalidOption` when an option is unknown, lacks its value, or has a value that it does not take. */
export function parseOptions<const Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    if (!isWrongOption(error)) throw error;
    const [message] = error.message.split('. To specify a positional argument');
    throw new InvalidOption(`${message?.replace(/\.?$/, '.')} Try --help.`, { cause: error });
  }
}

function isWrongOption(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
