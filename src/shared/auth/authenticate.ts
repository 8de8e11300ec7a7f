import type { JWTPayload } from 'jose';
import * as z from 'zod';
import type { AuthConfig } from '../config/access.ts';
import { Problem } from '../http/problem.ts';
import type { Clock } from '../runtime.ts';
import { refuseAccessToken } from './access-token.ts';
import { tokenVerifier } from './verify-token.ts';

export const ROLES = ['customer', 'admin', 'warehouse', 'analyst'] as const;
export type Role = (typeof ROLES)[number];

/** The caller of a request, from a verified token. */
export interface Actor {
  /** The token's `sub`. */
  readonly userId: string;
  readonly roles: ReadonlySet<Role>;
  /** The caller's customer id, for the role `customer`. */
  readonly customerId: string | undefined;
}

/**
 * Verifies the Authorization header. Throws Problem `unauthenticated`, or `unavailable` when the issuer's keys cannot be loaded.
 */
export type Authenticate = (authorization: string | null) => Promise<Actor>;

const claims = z.object({
  sub: z.string().min(1),
  /** A list, or a string with roles separated by blanks. Roles of other applications are ignored. */
  roles: z.union([z.array(z.string()), z.string().transform((text) => text.split(' '))]).default([]),
  /** Entra may return a directory extension as a list with one element. */
  customerId: z.union([z.string(), z.tuple([z.string()]).transform(([only]) => only)]).optional(),
});

/** Creates a verifier of bearer tokens (RFC 6750, RFC 7519) for one issuer, one audience, and the allowed clients. */
export function createAuthenticate(config: AuthConfig, clock: Pick<Clock, 'now'>): Authenticate {
  // `maxTokenAge` requires `iat`, which must not be in the future: otherwise it would not limit the token's lifetime.
  const verify = tokenVerifier(config, clock, { maxTokenAge: config.maxTokenSeconds });
  /** Actors by verified token. Reading a token's claims costs more than finding the token in the verifier's cache, so they are read once. */
  const actors = new WeakMap<JWTPayload, Actor>();
  return async (authorization) => {
    const token = /^Bearer +([\w~+/.-]+=*) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) {
      throw new Problem('unauthenticated', 'Send an access token in the header "Authorization: Bearer <token>".');
    }
    const payload = await verify(token);
    const known = actors.get(payload);
    if (known !== undefined) return known;
    const refusal = refuseAccessToken(payload, config);
    if (refusal !== undefined) throw new Problem('unauthenticated', refusal);
    const actor = toActor(payload, config.customerClaim);
    actors.set(payload, actor);
    return actor;
  };
}

function toActor(payload: JWTPayload, customerClaim: string): Actor {
  const parsed = claims.safeParse({ ...payload, customerId: payload[customerClaim] });
  if (!parsed.success) {
    throw new Problem('unauthenticated', `The access token's "sub", "roles" or "${customerClaim}" claim is not valid.`);
  }
  const { sub, roles, customerId } = parsed.data;
  return { userId: sub, roles: new Set(ROLES.filter((role) => roles.includes(role))), customerId };
}
