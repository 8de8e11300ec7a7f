import type { HttpHandler } from '@azure/functions';
import type { GatewayConfig } from '../config/access.ts';
import { endpoint } from '../http/endpoint.ts';
import { Problem } from '../http/problem.ts';
import type { Chance, Clock } from '../runtime.ts';
import { tokenVerifier } from './verify-token.ts';

/** The header with the token of the gateway's own identity. `Authorization` has the caller's token. */
export const GATEWAY_HEADER = 'x-gateway-authorization';

/** Returns a handler that answers only requests from the gateway. */
export type GatewayOnly = (handler: HttpHandler) => HttpHandler;

/**
 * Creates the check that a request comes through the gateway, which sends an access token of its managed identity in a header of
 * its own. All other requests get 401 `unauthenticated`, whatever token they have. When the keys of the issuer cannot be loaded, all get 503.
 * Without a gateway, requests are not checked.
 */
export function createGatewayOnly(
  config: GatewayConfig | undefined,
  runtime: Pick<Clock & Chance, 'now' | 'newId'>,
): GatewayOnly {
  if (config === undefined) return (handler) => handler;
  const verify = tokenVerifier(config, runtime);
  return (handler) => async (request, context) => {
    const refusal = await refuse(request.headers.get(GATEWAY_HEADER), verify, config.clientId);
    if (refusal === undefined) return handler(request, context);
    return endpoint(runtime, () => Promise.reject(refusal))(request, context);
  };
}

/** Returns why a token is not the gateway's, or undefined when it is. */
async function refuse(
  header: string | null,
  verify: ReturnType<typeof tokenVerifier>,
  clientId: string,
): Promise<Problem | undefined> {
  const [, token = ''] = /^Bearer (\S+)$/.exec(header ?? '') ?? [];
  try {
    const payload = await verify(token);
    return CLIENT_CLAIMS.some((claim) => payload[claim] === clientId) ? undefined : notTheGateway();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.code === 'unavailable' ? error : notTheGateway();
  }
}

/**
 * Entra names the client that a token was issued to in `azp` (v2.0) or `appid` (v1.0):
 * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
const CLIENT_CLAIMS = ['azp', 'appid'] as const;

function notTheGateway(): Problem {
  return new Problem(
    'unauthenticated',
    'This app accepts only requests from the gateway: call the API at its public address.',
  );
}
