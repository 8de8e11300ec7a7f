import type { JWTPayload } from 'jose';
import type { AuthConfig } from '../config/access.ts';

/**
 * Claims that only ID tokens have. An ID token tells a client who signed in; it grants no access to an API.
 * https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash'] as const;

/**
 * Claims that name the client that the token was issued to: OpenID Connect and Entra v2.0, Entra v1.0, RFC 9068, Okta.
 * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
const CLIENT_CLAIMS = ['azp', 'appid', 'client_id', 'cid'] as const;

/**
 * Checks that a verified token (signature, issuer, audience, `exp`, `iat`) is an access token for this API, issued to an allowed client.
 * @returns why it is not, with the name of the claim; undefined when it is
 */
export function refuseAccessToken(
  payload: JWTPayload,
  { allowedClients, maxTokenSeconds }: Pick<AuthConfig, 'allowedClients' | 'maxTokenSeconds'>,
): string | undefined {
  return refuseIdToken(payload) ?? refuseClient(payload, allowedClients) ?? refuseLife(payload, maxTokenSeconds);
}

function refuseIdToken(payload: JWTPayload): string | undefined {
  const claim = ID_TOKEN_CLAIMS.find((name) => payload[name] !== undefined);
  if (claim !== undefined) return `The claim "${claim}" belongs to an ID token. Send an access token.`;
  if (hasScope(payload.scp) || hasScope(payload.scope) || payload.idtyp === 'app') return undefined;
  return 'The access token has neither the claim "scp" (or "scope"), as in a user\'s token, nor "idtyp" with the value "app".';
}

/** A list of scopes: a space-separated string (RFC 8693) or an array (Okta). */
function hasScope(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  return Array.isArray(value) && value.length > 0 && value.every((scope) => typeof scope === 'string');
}

/** Each claim that names a client must name an allowed one. */
function refuseClient(payload: JWTPayload, allowedClients: ReadonlySet<string>): string | undefined {
  const present = CLIENT_CLAIMS.filter((name) => payload[name] !== undefined);
  if (present.length === 0) return 'The access token has no claim "azp", which names the client that it was issued to.';
  const refused = present.find((name) => !isAllowed(payload[name], allowedClients));
  return refused && `The access token's claim "${refused}" names a client that is not accepted here.`;
}

const isAllowed = (client: unknown, allowedClients: ReadonlySet<string>): boolean =>
  typeof client === 'string' && allowedClients.has(client);

function refuseLife({ iat, exp }: JWTPayload, maxTokenSeconds: number): string | undefined {
  if (iat === undefined || exp === undefined) return 'The access token\'s claim "iat" or "exp" is missing.';
  if (exp - iat <= maxTokenSeconds) return undefined;
  return `The access token's claim "exp" is more than ${maxTokenSeconds / 3600} hours after "iat", which is the limit.`;
}
