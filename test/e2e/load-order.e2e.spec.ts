import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { FunctionsHostProcess } from '../../local/functions-host/spawn.ts';
import { eventually } from '../support/system/api-client.ts';
import { appOf } from '../support/system/app-of.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

/** The real host loads the bundles in no fixed order. */
const ORDERS = [
  ['commands', 'sync', 'queries'],
  ['commands', 'queries', 'sync'],
  ['sync', 'commands', 'queries'],
  ['sync', 'queries', 'commands'],
  ['queries', 'commands', 'sync'],
  ['queries', 'sync', 'commands'],
];

async function describeApp(host: FunctionsHostProcess) {
  const functions = host.functions.map(({ name, type, methods, url, error }) => {
    return { name, type, methods, path: url && new URL(url).pathname, error };
  });
  // On a slow machine, a check may have taken too long before.
  const ready = await eventually(
    () => fetch(`${host.url}/api/health/ready`),
    ({ status }) => status === 200,
  );
  const docs = await fetch(`${host.url}/api/openapi.json`);
  return {
    functions: functions.toSorted((a, b) => a.name.localeCompare(b.name)),
    ready: { status: ready.status, body: await ready.json() },
    docs: docs.status,
  };
}

it.for(ORDERS)('the app is the same when its bundles load in the order %s', async (bundles) => {
  const host = await system.startHost({}, await appOf(...bundles));
  onTestFinished(() => host.stop());
  expect(await describeApp(host)).toEqual(await describeApp(system.host));
});
