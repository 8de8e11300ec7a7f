/** For people without a token, or with one that does not do. */
export const HOW_TO_GET_A_TOKEN =
  'On this machine, "npm run -s token -- --role admin" prints one: give it with --token or as IMPORT_TOKEN.';

/** The bearer token to send: the command line's, else the environment's IMPORT_TOKEN; undefined when there is none. */
export function findToken(
  fromCommandLine: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const token = (fromCommandLine ?? env.IMPORT_TOKEN)?.trim() ?? '';
  // Anything else cannot stand in a header.
  return /^[\x21-\x7e]+$/.test(token) ? token : undefined;
}
