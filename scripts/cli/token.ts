import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDevelopmentIssuer } from '../../local/development-issuer.ts';

/** For people without a token, or with one that does not do. */
export const HOW_TO_GET_A_TOKEN =
  'For the system on this machine, "npm run -s token -- --role admin --data <its folder>" prints one: give it with --token.';

/** Where a token may come from. */
export interface TokenSources {
  readonly fromCommandLine: string | undefined;
  readonly fromEnvironment: string | undefined;
  /** The API it is for. */
  readonly url: string;
  /** Folder of the system on this machine. */
  readonly data: string;
}

/** Seconds: longer than any import or replay takes. */
const LIFETIME = 12 * 3600;

/**
 * The bearer token to send: the command line's, else the environment's, else for an API on this machine one of its
 * development issuer; undefined when there is none.
 */
export async function findToken({
  fromCommandLine,
  fromEnvironment,
  url,
  data,
}: TokenSources): Promise<string | undefined> {
  const token = (fromCommandLine ?? fromEnvironment)?.trim() ?? '';
  // Anything else cannot stand in a header.
  if (token !== '') return /^[\x21-\x7e]+$/.test(token) ? token : undefined;
  const folder = join(data, 'development-issuer');
  if (!isLoopback(new URL(url)) || !existsSync(folder)) return undefined;
  const issuer = await openDevelopmentIssuer(folder);
  return issuer.sign({ roles: ['admin'], lifetime: LIFETIME });
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
