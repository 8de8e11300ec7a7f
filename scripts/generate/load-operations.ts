import settings from '../../local.settings.json' with { type: 'json' };
import { createCommandsApp } from '../../src/commands/app.ts';
import { functions as commandFunctions, commands } from '../../src/commands/functions.ts';
import { createQueriesApp } from '../../src/queries/app.ts';
import { functions as queryFunctions } from '../../src/queries/functions.ts';
import type { Environment } from '../../src/shared/config/environment.ts';
import { commandsConfig, queriesConfig, syncConfig } from '../../src/shared/config.ts';
import { type AppFunction, operationsOf } from '../../src/shared/functions/app-function.ts';
import { HEALTH_OPERATIONS } from '../../src/shared/http/health.ts';
import type { Operation } from '../../src/shared/http/operation.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { createSyncApp } from '../../src/sync/app.ts';
import { functions as syncFunctions } from '../../src/sync/functions.ts';
import { PROJECTIONS } from '../../src/sync/projections/projections.ts';

const APPS = ['commands', 'queries', 'sync'] as const;
export type App = (typeof APPS)[number];

/**
 * The functions of each app, as its entry point registers them. Opens no connections.
 * @param changed settings that replace those for a developer's machine
 */
export function functionsByApp(changed: Environment = {}): Readonly<Record<App, readonly AppFunction[]>> {
  const env = { ...settings.Values, ...changed };
  return {
    commands: commandFunctions(createCommandsApp(commandsConfig(env), commands, systemRuntime)),
    queries: queryFunctions(createQueriesApp(queriesConfig(env), systemRuntime)),
    sync: syncFunctions(createSyncApp(syncConfig(env), PROJECTIONS, systemRuntime)),
  };
}

/** Every operation of the API, with the apps that serve it. */
export function operationsByApp(): ReadonlyMap<Operation, readonly App[]> {
  const functions = functionsByApp();
  const ofEveryApp = HEALTH_OPERATIONS.map((operation) => [operation, APPS] as const);
  const ofOneApp = APPS.flatMap((app) => operationsOf(functions[app]).map((operation) => [operation, [app]] as const));
  return new Map<Operation, readonly App[]>([...ofEveryApp, ...ofOneApp]);
}
