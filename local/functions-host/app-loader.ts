import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire, registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type AppRegistry, appRegistry } from './app-registry.ts';

const PackageJson = z.object({ main: z.string().min(1) });

/** The app could not be loaded. `message` names the part that failed; `cause` is the app's own error. */
export class AppLoadError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AppLoadError';
  }
}

/**
 * Loads an app: every file that matches the glob. Then runs the `appStart` hooks.
 * @param root the folder that holds package.json.
 * @param main the glob, relative to the folder. Default: `main` of package.json.
 * @param appData data that `appStart` hooks store for `appTerminate` hooks.
 * @throws {AppLoadError}
 */
export async function loadApp(
  root: string,
  main: string | undefined,
  appData: Record<string, unknown>,
): Promise<AppRegistry> {
  provideCoreModule();
  const require = createRequire(join(root, 'package.json'));
  for (const file of await entryPoints(root, main ?? (await readPackageJson(join(root, 'package.json'))).main)) {
    try {
      require(file);
    } catch (cause) {
      throw new AppLoadError(`Worker was unable to load entry point "${file}"`, { cause });
    }
  }
  appRegistry.close();
  try {
    await appRegistry.runHooks('appStart', { hookData: appData, functionAppDirectory: root });
  } catch (cause) {
    throw new AppLoadError('An appStart hook failed', { cause });
  }
  return appRegistry;
}

function provideCoreModule(): void {
  const url = new URL('./core-module.ts', import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === '@azure/functions-core' ? { url, shortCircuit: true } : next(specifier, context),
  });
}

async function entryPoints(root: string, main: string): Promise<readonly string[]> {
  const files = globSync(main, { cwd: root }).sort();
  if (files.length === 0) throw new AppLoadError(`Found zero files matching the supplied pattern "${main}"`);
  return files.map((file) => resolve(root, file));
}

async function readPackageJson(path: string): Promise<z.infer<typeof PackageJson>> {
  try {
    return PackageJson.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new AppLoadError(`${path} must be JSON with a "main" that matches the app's files`, { cause });
  }
}
