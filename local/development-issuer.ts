import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';

/** Whom a token speaks for. */
export interface TokenRequest {
  readonly roles: readonly string[];
  readonly customerId?: string | undefined;
  /** Seconds until it expires. */
  readonly lifetime: number;
}

export interface DevelopmentIssuer {
  /** `AUTH_JWKS_URI` of apps that accept this issuer's tokens. */
  readonly jwksUri: string;
  /** A signed token for the development audience. */
  sign(request: TokenRequest): Promise<string>;
}

/** As `AUTH_ISSUER` and `AUTH_AUDIENCE` in local.settings.json. */
export const DEVELOPMENT_ISSUER = 'urn:orders:development-issuer';
export const DEVELOPMENT_AUDIENCE = 'api://orders';
const ALGORITHM = 'ES256';
const KEY_ID = 'development';

/**
 * The issuer of tokens on a developer's machine. Its key is made at the first use and stays in the folder given, which is never
 * committed. Apps in Azure refuse it, since they take keys over https only.
 */
export async function openDevelopmentIssuer(folder: string): Promise<DevelopmentIssuer> {
  const key = await openKey(folder);
  const privateKey = await importJWK(key, ALGORITHM);
  const jwksFile = join(folder, 'jwks.json');
  const { d: _secret, ...publicKey } = key;
  await writeWhole(jwksFile, JSON.stringify({ keys: [publicKey] }));
  return {
    jwksUri: `file:${jwksFile}`,
    sign: ({ roles, customerId, lifetime }) =>
      new SignJWT({ roles, ...(customerId !== undefined && { customerId }) })
        .setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID })
        .setSubject(customerId ?? `local-${roles.join('-')}`)
        .setIssuer(DEVELOPMENT_ISSUER)
        .setAudience(DEVELOPMENT_AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(`${lifetime}s`)
        .sign(privateKey),
  };
}

/** The key in the folder; the first of several processes that want one makes it. */
async function openKey(folder: string): Promise<JWK> {
  const keyFile = join(folder, 'private-key.json');
  if (!existsSync(keyFile)) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
    const ownFile = `${keyFile}.${process.pid}`;
    const key = { ...(await exportJWK(privateKey)), kid: KEY_ID, alg: ALGORITHM, use: 'sig' };
    await writeFile(ownFile, JSON.stringify(key), { mode: 0o600 });
    await link(ownFile, keyFile).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await rm(ownFile);
  }
  return JSON.parse(await readFile(keyFile, 'utf8'));
}

/** Readers see the old file or the new one, never a half. */
async function writeWhole(file: string, text: string): Promise<void> {
  const ownFile = `${file}.${process.pid}`;
  await writeFile(ownFile, text);
  await rename(ownFile, file);
}
