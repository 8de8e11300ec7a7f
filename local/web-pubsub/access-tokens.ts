/** Tokens of clients and REST callers, signed with the access key (HS256). */
import { randomUUID } from 'node:crypto';
import { decodeJwt, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { ClientIdentity } from './connection.ts';

/** The resource that Microsoft Entra tokens for Web PubSub are for. */
const ENTRA_AUDIENCE = 'https://webpubsub.azure.com';
const ALGORITHM = 'HS256';
/** Tokens are accepted this long after they have expired, as by Microsoft's emulator and by .NET's default. */
const CLOCK_TOLERANCE_SECONDS = 300;
/** https://github.com/Azure/azure-webpubsub/blob/main/protocols/client/client-spec.md#22-reconnection-token */
const RECONNECTION_TOKEN_LIFETIME = '7 days';

const oneOrMore = z.union([z.string().transform((value) => [value]), z.array(z.string())]).default([]);

const clientClaims = z
  .object({ sub: z.string().optional(), role: oneOrMore, 'webpubsub.group': oneOrMore })
  .transform(
    ({ sub, role, 'webpubsub.group': groups }): ClientIdentity => ({ userId: sub ?? null, roles: role, groups }),
  );

export class AccessTokens {
  readonly #key: Uint8Array;
  readonly #allowUnvalidatedEntraTokens: boolean;

  /** @param allowUnvalidatedEntraTokens accepts REST tokens of Microsoft Entra, of which only audience and lifetime are checked */
  constructor(accessKey: string, allowUnvalidatedEntraTokens: boolean) {
    this.#key = new TextEncoder().encode(accessKey);
    this.#allowUnvalidatedEntraTokens = allowUnvalidatedEntraTokens;
  }

  /** @returns undefined when the token is not valid for the audience, `http://<host>/client/hubs/<hub>` */
  async verifyClientToken(token: string, audience: URL): Promise<ClientIdentity | undefined> {
    const payload = await this.#verify(token);
    return payload && isFor(payload, [audience]) ? clientClaims.safeParse(payload).data : undefined;
  }

  issueClientToken({ userId, roles, groups }: ClientIdentity, audience: URL, minutes: number): Promise<string> {
    const token = new SignJWT({ role: [...roles], 'webpubsub.group': [...groups] })
      .setAudience(audience.href)
      .setExpirationTime(`${minutes} minutes`);
    if (userId !== null) token.setSubject(userId);
    return this.#sign(token);
  }

  /**
   * The audience is the URL of the request, with or without its query.
   * @see https://learn.microsoft.com/azure/azure-web-pubsub/reference-rest-api-data-plane#using-rest-api
   */
  async isValidRestToken(token: string, requestUrl: URL): Promise<boolean> {
    if (this.isValidEntraToken(token)) return true;
    const payload = await this.#verify(token);
    return payload !== undefined && isFor(payload, [requestUrl, new URL(requestUrl.pathname, requestUrl)]);
  }

  isValidEntraToken(token: string): boolean {
    if (!this.#allowUnvalidatedEntraTokens) return false;
    try {
      const { aud, exp = 0 } = decodeJwt(token);
      return [aud].flat().includes(ENTRA_AUDIENCE) && (exp + CLOCK_TOLERANCE_SECONDS) * 1000 > Date.now();
    } catch (error) {
      return invalid(error) ?? false;
    }
  }

  /** Recovers one connection and nothing else. */
  issueReconnectionToken(connectionId: string): Promise<string> {
    const token = new SignJWT().setIssuer(ENTRA_AUDIENCE).setAudience(connectionId).setJti(randomUUID());
    return this.#sign(token.setExpirationTime(RECONNECTION_TOKEN_LIFETIME));
  }

  async isValidReconnectionToken(token: string, connectionId: string): Promise<boolean> {
    const payload = await this.#verify(token);
    return payload?.iss === ENTRA_AUDIENCE && payload.aud === connectionId;
  }

  #sign(token: SignJWT): Promise<string> {
    return token.setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' }).setIssuedAt().sign(this.#key);
  }

  async #verify(token: string): Promise<JWTPayload | undefined> {
    try {
      const options = {
        algorithms: [ALGORITHM],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['aud', 'exp'],
      };
      return (await jwtVerify(token, this.#key, options)).payload;
    } catch (error) {
      return invalid(error);
    }
  }
}

/** @throws what is not the token's fault */
function invalid(error: unknown): undefined {
  if (!(error instanceof errors.JOSEError)) throw error;
}

function isFor({ aud }: JWTPayload, audiences: readonly URL[]): boolean {
  const accepted = audiences.map(({ href }) => href.toLowerCase());
  return [aud].flat().some((audience) => accepted.includes(normalized(audience)));
}

function normalized(audience: string | undefined): string {
  const url = URL.parse(audience ?? '');
  return url === null ? '' : url.href.toLowerCase();
}
