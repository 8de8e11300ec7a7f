import type { HttpHandler } from '@azure/functions';
import { type JWTVerifyGetKey, jwtVerify } from 'jose';
import { CLOCK_TOLERANCE_SECONDS } from '../clock-tolerance.ts';
import type { GatewayConfig } from '../config.ts';
import { endpoint } from '../http/endpoint.ts';
import { Problem } from '../http/problem.ts';
import type { Chance, Clock } from '../runtime.ts';
import { ALGORITHMS, openKeySet, toProblem } from './authenticate.ts';

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
  let keys: JWTVerifyGetKey | undefined; // loaded on the first request
  return (handler) => async (request, context) => {
    keys ??= openKeySet(config.jwksUri);
    const refusal = await refuse(request.headers.get(GATEWAY_HEADER), keys, { ...config, now: runtime.now() });
    if (refusal === undefined) return handler(request, context);
    return endpoint(runtime, () => Promise.reject(refusal))(request, context);
  };
}

/** Returns why a token is not the gateway's, or undefined when it is. */
async function refuse(
  header: string | null,
  keys: JWTVerifyGetKey,
  { issuer, audience, clientId, now }: GatewayConfig & { readonly now: number },
): Promise<Problem | undefined> {
  const [, token = ''] = /^Bearer (\S+)$/.exec(header ?? '') ?? [];
  const options = { issuer, audience, algorithms: ALGORITHMS, clockTolerance: CLOCK_TOLERANCE_SECONDS };
  try {
    const { payload } = await jwtVerify(token, keys, {
      ...options,
      requiredClaims: ['exp'],
      currentDate: new Date(now),
    });
    return CLIENT_CLAIMS.some((claim) => payload[claim] === clientId) ? undefined : notTheGateway();
  } catch (error) {
    const problem = toProblem(error);
    return problem.code === 'unavailable' ? problem : notTheGateway();
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
