/** The entry point of the command app, like src/commands/index.ts but without telemetry, and with a delayed write store. */
import { createCommandsApp } from '../../../src/commands/app.ts';
import { commands, functions } from '../../../src/commands/functions.ts';
import { openWriteStore } from '../../../src/commands/write-store/open-write-store.ts';
import { createAuthenticate } from '../../../src/shared/auth/authenticate.ts';
import { createGatewayOnly } from '../../../src/shared/auth/gateway-only.ts';
import { commandsConfig } from '../../../src/shared/config.ts';
import { openHubProducer } from '../../../src/shared/event-hubs/event-publisher.ts';
import { registerApp } from '../../../src/shared/functions/register-app.ts';
import { openMasterKey } from '../../../src/shared/personal-data/open-master-key.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { openDelayedWriteStore } from '../../system/delayed-write-store.ts';

const latencyMs = Number(process.env.BENCH_SQL_LATENCY_MS);
const config = commandsConfig(process.env);
const app = createCommandsApp(config, commands, systemRuntime, {
  openWriteStore: async (connectionString, options) =>
    options.isReplica
      ? openWriteStore(connectionString, options)
      : openDelayedWriteStore(connectionString.replace(/^sqlite:/, ''), latencyMs),
  openMasterKey,
  createAuthenticate,
  openProducer: openHubProducer,
  warn: console.warn,
});
registerApp({
  functions: functions(app),
  gatewayOnly: createGatewayOnly(config.gateway, systemRuntime),
  authenticate: app.authenticate,
  readiness: new Map(),
  runtime: systemRuntime,
  start: () => void app.services(),
  close: () => app.close(),
});
