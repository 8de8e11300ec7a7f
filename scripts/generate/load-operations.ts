import { readdir } from 'node:fs/promises';
import { describedOperations, type Operation } from '../../src/shared/http/operation.ts';
import '../../src/shared/http/health.ts';

const APPS = ['commands', 'queries', 'sync'] as const;
export type App = (typeof APPS)[number];

/** What each app answers of itself, under the same route in all of them. */
const ofEveryApp: readonly Operation[] = [...describedOperations()];

const appsByOperation = new Map<Operation, readonly App[]>(ofEveryApp.map((operation) => [operation, APPS]));

/**
 * Every operation of the API, with the apps that serve it. Each file of a side describes its own when it is loaded, so all are
 * loaded but the entries, which would start the app.
 */
export async function loadOperationsByApp(): Promise<ReadonlyMap<Operation, readonly App[]>> {
  const { warn } = console;
  console.warn = () => undefined; // outside a Functions host the library warns of every function
  try {
    for (const app of APPS) {
      await loadAll(new URL(`../../src/${app}/`, import.meta.url));
      for (const operation of describedOperations()) {
        if (!appsByOperation.has(operation)) appsByOperation.set(operation, [app]);
      }
    }
  } finally {
    console.warn = warn;
  }
  return appsByOperation;
}

/** Every operation of the API. */
export async function loadOperations(): Promise<readonly Operation[]> {
  return [...(await loadOperationsByApp()).keys()];
}

async function loadAll(folder: URL): Promise<void> {
  const files = (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith('.ts') && name !== 'index.ts')
    .sort();
  for (const file of files) await import(new URL(file, folder).href);
}
