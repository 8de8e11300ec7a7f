import type { ConsoleConfig } from './config.ts';
import { developmentSession } from './development-session.ts';
import type { Session } from './session.ts';

/** Signs in. In Azure this may leave the page and come back. */
export async function openSession(config: ConsoleConfig): Promise<Session> {
  if (config.signIn === 'development') return developmentSession(config);
  const { entraSession } = await import('./entra-session.ts'); // its library is as large as the rest of the console
  return entraSession(config);
}
