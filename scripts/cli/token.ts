import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDevelopmentIssuer } from '../../local/development-issuer.ts';

/** Shown to users who have no token or one that the API rejects. */
export const HOW_TO_GET_A_TOKEN =
  'For the local system, run "npm run -s token -- --role admin --data <folder>" and pass the result with --token.';

/** Possible sources of a token. */
export interface TokenSources {
  readonly fromCommandLine: string | undefined;
  readonly fromEnvironment: string | undefined;
  /** URL of the API. */
  readonly url: string;
  /** Data folder of the local system. */
  readonly data: string;
}

/** In seconds. Longer than any import or replay takes. */
const LIFETIME = 12 * 3600;

/**
 * Returns the bearer token from the command line, else from the environment, else, for a local API, a new one from its
 * development issuer. Undefined when there is none.
 */
export async function findToken({
  fromCommandLine,
  fromEnvironment,
  url,
  data,
}: TokenSources): Promise<string | undefined> {
  const token = (fromCommandLine ?? fromEnvironment)?.trim() ?? '';
  // Other characters are not allowed in a header.
  if (token !== '') return /^[\x21-\x7e]+$/.test(token) ? token : undefined;
  const folder = join(data, 'development-issuer');
  if (!isLoopback(new URL(url)) || !existsSync(folder)) return undefined;
  const issuer = await openDevelopmentIssuer(folder);
  return issuer.sign({ roles: ['admin'], lifetime: LIFETIME });
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
