import { type AccountInfo, CacheLookupPolicy, PublicClientApplication } from '@azure/msal-browser';
import type { Caller, Role } from './callers.ts';
import type { EntraConfig } from './config.ts';
import { needsSignIn } from './needs-sign-in.ts';
import type { Session } from './session.ts';

/** Renews without a hidden frame, which the page's policy refuses. Once the refresh token has expired, people sign in again. */
const cacheLookupPolicy = CacheLookupPolicy.AccessTokenAndRefreshToken;

const ROLES: readonly Role[] = ['admin', 'analyst', 'warehouse', 'customer'];

/** Signs in with Microsoft Entra, by redirect. Tokens stay in the tab, and are renewed without asking. */
export async function entraSession(config: EntraConfig): Promise<Session> {
  const { clientId, authority, scope, apiUrl } = config;
  const application = new PublicClientApplication({
    auth: { clientId, authority, redirectUri: location.origin },
    cache: { cacheLocation: 'sessionStorage' },
  });
  await application.initialize();
  const returned = await application.handleRedirectPromise();
  const account = returned?.account ?? application.getAllAccounts()[0];
  if (account === undefined) {
    await application.loginRedirect({ scopes: [scope] });
    return leavingPage();
  }
  const token = async () => {
    try {
      const { accessToken } = await application.acquireTokenSilent({ scopes: [scope], account, cacheLookupPolicy });
      return accessToken;
    } catch (error) {
      if (!needsSignIn(error)) throw error;
      await application.acquireTokenRedirect({ scopes: [scope], account });
      return leavingPage();
    }
  };
  const caller = toCaller(account, claimsOf(await token()));
  const session: Session = {
    apiUrl,
    caller,
    callers: [caller],
    token,
    as: () => session,
    signOut: () => void application.logoutRedirect({ account }),
  };
  return session;
}

/** The browser is on its way to another page. */
const leavingPage = (): Promise<never> => new Promise(() => undefined);

interface Claims {
  readonly roles?: readonly string[];
  readonly 'extn.customerId'?: string | readonly string[];
  readonly customerId?: string;
}

/** Reads the claims to show what the caller may do. The API verifies the token itself. */
function claimsOf(accessToken: string): Claims {
  const [, payload = ''] = accessToken.split('.');
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

function toCaller({ homeAccountId, name, username }: AccountInfo, claims: Claims): Caller {
  const [extension] = [claims['extn.customerId'] ?? []].flat();
  const customerId = extension ?? claims.customerId;
  return {
    id: homeAccountId,
    name: name ?? username,
    roles: ROLES.filter((role) => claims.roles?.includes(role)),
    ...(customerId !== undefined && { customerId }),
  };
}
