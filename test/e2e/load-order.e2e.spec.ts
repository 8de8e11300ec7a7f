import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest';
import type { FunctionsHostProcess } from '../../local/functions-host/spawn.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const ORDERS = [
  ['commands', 'sync', 'queries'],
  ['commands', 'queries', 'sync'],
  ['sync', 'commands', 'queries'],
  ['sync', 'queries', 'commands'],
  ['queries', 'commands', 'sync'],
  ['queries', 'sync', 'commands'],
];

/** Creates an app whose entry point loads the three bundles in this order. The real host loads them in no fixed order. */
async function appLoading(bundles: readonly string[], { onTestFinished }: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'load-order-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const file of ['host.json', 'local.settings.json']) await cp(file, join(root, file));
  await writeFile(join(root, 'package.json'), JSON.stringify({ main: 'index.cjs' }));
  const requires = bundles.map((name) => `require(${JSON.stringify(resolve('dist', name, 'index.cjs'))});`);
  await writeFile(join(root, 'index.cjs'), requires.join('\n'));
  return root;
}

async function describeApp(host: FunctionsHostProcess) {
  const functions = host.functions.map(({ name, type, methods, url, error }) => {
    return { name, type, methods, path: url && new URL(url).pathname, error };
  });
  const ready = await fetch(`${host.url}/api/health/ready`);
  const docs = await fetch(`${host.url}/api/openapi.json`);
  return {
    functions: functions.toSorted((a, b) => a.name.localeCompare(b.name)),
    ready: { status: ready.status, body: await ready.json() },
    docs: docs.status,
  };
}

it.for(ORDERS)('the app is the same when its bundles load in the order %s', async (bundles, context) => {
  const host = await system.startHost({}, await appLoading(bundles, context));
  context.onTestFinished(() => host.stop());
  expect(await describeApp(host)).toEqual(await describeApp(system.host));
});
