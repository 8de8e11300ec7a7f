import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { makePrivate } from './private-files.ts';
import { StartFault } from './start-fault.ts';

/** The claims and lifetime of a token. */
export interface TokenRequest {
  readonly roles: readonly string[];
  readonly customerId?: string | undefined;
  /** Seconds until the token expires. */
  readonly lifetime: number;
}

export interface DevelopmentIssuer {
  /** `AUTH_JWKS_URI` of apps that accept this issuer's tokens. */
  readonly jwksUri: string;
  /** A signed token for the development audience. */
  sign(request: TokenRequest): Promise<string>;
}

/** The values of `AUTH_ISSUER`, `AUTH_AUDIENCE` and `AUTH_ALLOWED_CLIENTS` in local.settings.json. */
export const DEVELOPMENT_ISSUER = 'urn:orders:development-issuer';
export const DEVELOPMENT_AUDIENCE = 'api://orders';
export const DEVELOPMENT_CLIENT = 'orders-development';
const ALGORITHM = 'ES256';
const KEY_ID = 'development';

/**
 * Opens the token issuer for local development. Its key is created on first use and stored in the folder, which is never
 * committed. Apps in Azure reject its tokens, because they load keys over https only.
 * @throws {StartFault} when the key is damaged
 */
export async function openDevelopmentIssuer(folder: string): Promise<DevelopmentIssuer> {
  const { key, privateKey } = await loadOrCreateKey(folder);
  const jwksFile = join(folder, 'jwks.json');
  const { d: _secret, ...publicKey } = key;
  await writeAtomically(jwksFile, JSON.stringify({ keys: [publicKey] }));
  return {
    jwksUri: `file:${jwksFile}`,
    sign: ({ roles, customerId, lifetime }) =>
      new SignJWT({ scp: 'access', azp: DEVELOPMENT_CLIENT, roles, ...(customerId !== undefined && { customerId }) })
        .setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID })
        .setSubject(customerId ?? `local-${roles.join('-')}`)
        .setIssuer(DEVELOPMENT_ISSUER)
        .setAudience(DEVELOPMENT_AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(`${lifetime}s`)
        .sign(privateKey),
  };
}

/** Returns the key in the folder. When several processes start at once, the first one creates it. */
async function loadOrCreateKey(folder: string) {
  const keyFile = join(folder, 'private-key.json');
  if (!existsSync(keyFile)) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
    const temporaryFile = `${keyFile}.${process.pid}`;
    const key = { ...(await exportJWK(privateKey)), kid: KEY_ID, alg: ALGORITHM, use: 'sig' };
    await writeFile(temporaryFile, JSON.stringify(key), { mode: 0o600 });
    await link(temporaryFile, keyFile).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await rm(temporaryFile);
  }
  await makePrivate(keyFile);
  const text = await readFile(keyFile, 'utf8');
  try {
    const key: JWK = JSON.parse(text);
    return { key, privateKey: await importJWK(key, ALGORITHM) };
  } catch (cause) {
    throw new StartFault(`${keyFile} is damaged: remove it, and the next start creates another one.`, { cause });
  }
}

/** Readers see the old file or the new one, never a partial one. */
async function writeAtomically(file: string, text: string): Promise<void> {
  const temporaryFile = `${file}.${process.pid}`;
  await writeFile(temporaryFile, text);
  await rename(temporaryFile, file);
}
