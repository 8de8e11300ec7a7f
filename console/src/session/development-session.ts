import { type Caller, DEVELOPMENT_CALLERS } from './callers.ts';
import type { DevelopmentConfig } from './config.ts';
import type { Session } from './session.ts';

/** Tokens are valid for a day. */
const RENEW_AFTER_MS = 12 * 3_600_000;
/** Each tab has a caller of its own, so that a customer and an admin can be watched side by side. */
const STORAGE_KEY = 'caller';

const [ADMIN] = DEVELOPMENT_CALLERS;

/** A session without signing in: the development issuer gives tokens for every caller. Starts as the admin. */
export function developmentSession(config: DevelopmentConfig): Session {
  return sessionOf(config, sessionStorage.getItem(STORAGE_KEY) ?? '');
}

function sessionOf(config: DevelopmentConfig, callerId: string): Session {
  const caller = DEVELOPMENT_CALLERS.find(({ id }) => id === callerId) ?? ADMIN;
  if (caller === undefined) throw new Error('There is no caller.');
  return {
    apiUrl: config.apiUrl,
    caller,
    callers: DEVELOPMENT_CALLERS,
    token: cachedToken(() => requestToken(config, caller)),
    as: (id) => {
      sessionStorage.setItem(STORAGE_KEY, id);
      return sessionOf(config, id);
    },
  };
}

/** One request serves everybody who needs the token; a failed one is repeated by the next. */
function cachedToken(request: () => Promise<string>): () => Promise<string> {
  let cached: { readonly token: Promise<string>; readonly until: number } | undefined;
  return () => {
    if (cached !== undefined && Date.now() < cached.until) return cached.token;
    const token = request();
    cached = { token, until: Date.now() + RENEW_AFTER_MS };
    token.catch(() => {
      cached = undefined;
    });
    return token;
  };
}

async function requestToken({ tokenUrl }: DevelopmentConfig, { roles, customerId }: Caller): Promise<string> {
  const query = new URLSearchParams(roles.map((role) => ['role', role]));
  if (customerId !== undefined) query.set('customerId', customerId);
  const response = await fetch(`${tokenUrl}?${query}`);
  if (!response.ok) throw new Error(`No development token: the response has the status ${response.status}.`);
  return response.text();
}
