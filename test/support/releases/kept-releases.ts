import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import type * as suites from '../../fixtures/releases/suites.ts';
import type { Signatures } from './procedure-signatures.ts';

const FOLDER = new URL('../../fixtures/releases/', import.meta.url);

/** An earlier release whose apps must still run on today's schema. */
export interface KeptRelease {
  readonly version: string;
  /** Its write side and its contract suites. */
  readonly suites: typeof suites;
  /** The stored procedures that its apps call. */
  readonly procedures: Signatures;
}

const signatures = z.record(
  z.string(),
  z.object({
    parameters: z.array(z.object({ name: z.string(), type: z.string(), optional: z.boolean() })),
    resultSets: z.array(z.array(z.string())),
  }),
);

/** The releases in test/fixtures/releases. Throws when there is none, so that no test passes without one. */
export async function keptReleases(): Promise<readonly KeptRelease[]> {
  const entries = await readdir(FOLDER, { withFileTypes: true });
  const versions = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (versions.length === 0) throw new Error('test/fixtures/releases has no release.');
  return Promise.all(versions.map(keptRelease));
}

async function keptRelease(version: string): Promise<KeptRelease> {
  const procedures = await readFile(new URL(`${version}/procedures.json`, FOLDER), 'utf8');
  return {
    version,
    suites: await import(new URL(`${version}/suites.mjs`, FOLDER).href),
    procedures: signatures.parse(JSON.parse(procedures)),
  };
}
