import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export const GATEWAY = {
  issuer: 'https://login.example.com/a-tenant/v2.0',
  audience: 'api-client-id',
  clientId: 'gateway-client-id',
} as const;

/** The issuer of the gateway's tokens, with keys of its own. */
export interface GatewayKeys {
  /** `GATEWAY_JWKS_URI` of apps that accept them. */
  readonly jwksUri: string;
  /** Signs a token of the gateway's identity, as Entra does. Claims replace its own; undefined omits one. */
  sign(claims?: Readonly<Record<string, unknown>>): Promise<string>;
}

/** Creates the keys, with the public one in a file in this folder. */
export async function createGatewayKeys(folder: string): Promise<GatewayKeys> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const file = join(folder, 'gateway-jwks.json');
  await writeFile(file, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'gateway', alg: 'RS256' }] }));
  return {
    jwksUri: `file:${file}`,
    sign: (claims = {}) => {
      const exp = Math.floor(Date.now() / 1000) + 600;
      const own = { iss: GATEWAY.issuer, aud: GATEWAY.audience, azp: GATEWAY.clientId, sub: 'gateway', exp };
      return new SignJWT({ ...own, ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'gateway' }).sign(privateKey);
    },
  };
}
