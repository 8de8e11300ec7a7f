import { readdir } from 'node:fs/promises';
import { describedOperations, type Operation } from '../../src/shared/http/operation.ts';
import '../../src/shared/http/health.ts';

const SIDES = ['commands', 'queries', 'sync'];

/**
 * Every operation of the API. Each file of a side describes its own when it is loaded, so all are loaded but the entries,
 * which would start the app.
 */
export async function loadOperations(): Promise<readonly Operation[]> {
  const { warn } = console;
  console.warn = () => undefined; // outside a Functions host the library warns of every function
  try {
    for (const side of SIDES) await loadAll(new URL(`../../src/${side}/`, import.meta.url));
  } finally {
    console.warn = warn;
  }
  return describedOperations();
}

async function loadAll(folder: URL): Promise<void> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && name !== 'index.ts').sort();
  for (const file of files) await import(new URL(file, folder).href);
}
